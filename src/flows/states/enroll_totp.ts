/**
 * MFA_ENROLL and MFA_ENROLL_ACTIVATE: Okta asks for another factor to be set up.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { AuthnTransaction } from "../../okta/authn_transaction.ts";
import type { Conversation } from "../conversation.ts";
import type { OktaAccount } from "../okta_account.ts";

/**
 * Enrols.
 *
 * @param _account The Okta account.
 * @param _conversation Who is told and asked.
 * @param transaction In MFA_ENROLL or MFA_ENROLL_ACTIVATE.
 * @returns What Okta asks for next.
 */
export function enrollTotp(
  _account: OktaAccount,
  _conversation: Conversation,
  transaction: AuthnTransaction,
): Promise<AuthnTransaction> {
  return Promise.reject(
    new SignInError("Okta asks you to enrol another factor", {
      code: transaction.status,
      hint: "enrol it once in the browser (a code of Google Authenticator is what okta-aws can " +
        "compute), then run okta-aws init",
    }),
  );
}
