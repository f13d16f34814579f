/**
 * The second factor of an authn transaction.
 *
 * @module
 */

import { openAuthnChallenge } from "../classic/authn_challenge.ts";
import type { AuthnTransaction } from "../classic/authn_transaction.ts";
import { answerChallenge } from "../factors/answer.ts";
import type { OktaAccount } from "./okta_account.ts";

/**
 * Answers a factor.
 *
 * @param account The Okta account.
 * @param transaction In MFA_REQUIRED or MFA_CHALLENGE.
 * @returns What Okta asks for next.
 * @throws {SignInError} Okta's refusal, or a factor that a terminal can't serve.
 */
export function answerFactor(
  account: OktaAccount,
  transaction: AuthnTransaction,
): Promise<AuthnTransaction> {
  const { client, rememberDevice } = account;
  const challenge = openAuthnChallenge({ client, transaction, rememberDevice });
  return answerChallenge(account, challenge);
}
