/**
 * The sign-in by the authn API: password, then whatever Okta asks for, until it says SUCCESS.
 *
 * Source: https://developer.okta.com/docs/reference/api/authn/#transaction-state
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { answerChallenge } from "../factors/answer.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { finishTransaction } from "../factors/finish_transaction.ts";
import { sendPassword, type SentPassword } from "../factors/password.ts";
import { changePassword, skipPasswordWarning } from "../factors/password_change.ts";
import { cancelTransaction, primaryRequest, processAuthnResponse, resumeRequest } from "./authn.ts";
import { authenticatorOf } from "./authn_factors.ts";
import { openAuthnChallenge, servedBy } from "./authn_challenge.ts";
import {
  authnPasswordChange,
  authnPasswordWarning,
  lockedOut,
  processPrimaryResponse,
} from "./authn_password.ts";
import type { AuthnTransaction } from "./authn_transaction.ts";
import { pollAuthn } from "./authn_poll.ts";
import { authnEnrollment } from "./authn_enrollment.ts";

/** A transaction that Okta has finished. */
export type FinishedTransaction = AuthnTransaction & { status: "SUCCESS" };

/** How a transaction begins: its first state, and the password if it was sent. */
type Beginning = Omit<SentPassword<AuthnTransaction>, "password"> & {
  password: Secret | undefined;
};

/**
 * Signs in. The transaction has a sessionToken.
 *
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 * @throws {InteractionError} If somebody would have to answer and nobody can.
 * @throws {InterruptedError} On Ctrl-C.
 */
export function signInByAuthn(account: SignInAccount): Promise<FinishedTransaction> {
  const { session: { client }, username } = account;
  const begin = (taken?: Secret) =>
    sendPrimary(account, (password) => primaryRequest(client, username, password), taken);
  return finish(account, begin, begin);
}

/**
 * Goes through the sign-in that a page of the org asked for (app-level step-up). The transaction has a
 * sessionToken or a link to go on.
 *
 * @param stateToken The page's.
 */
export function stepUpByAuthn(
  account: SignInAccount,
  stateToken: Secret,
): Promise<FinishedTransaction> {
  const { session: { client }, username } = account;
  return finish(account, async () => {
    const response = await resumeRequest(client, stateToken);
    const transaction = processAuthnResponse(response, "open the AWS app");
    if (transaction.status !== "UNAUTHENTICATED") return { transaction, password: undefined };
    return await sendPrimary(
      account,
      (password) => resumeRequest(client, stateToken, { username, password }),
    );
  });
}

function sendPrimary(
  account: SignInAccount,
  send: (password: Secret) => Promise<HttpResponse>,
  taken?: Secret,
): Promise<SentPassword<AuthnTransaction>> {
  return sendPassword(
    account,
    async (password) => processPrimaryResponse(await send(password), account.username),
    taken,
  );
}

/** Okta's code for a stateToken that has expired. */
const EXPIRED = "E0000011";

/** @param beginAgain Once, if the transaction expires after Okta took the password. */
function finish(
  account: SignInAccount,
  begin: () => Promise<Beginning>,
  beginAgain?: (taken: Secret) => Promise<Beginning>,
): Promise<FinishedTransaction> {
  let password: Secret | undefined;
  let mayRestart = beginAgain !== undefined;
  const restart = async (error: unknown): Promise<AuthnTransaction> => {
    const isExpired = error instanceof SignInError && error.code === EXPIRED;
    if (!isExpired || !mayRestart || password === undefined) throw error;
    mayRestart = false;
    await account.interaction.say("the sign-in took too long; starting again");
    return (await beginAgain!(password)).transaction;
  };
  return finishTransaction<AuthnTransaction, FinishedTransaction>(account, {
    async begin() {
      const begun = await begin();
      ({ password } = begun);
      return begun.transaction;
    },
    isFinished: (transaction): transaction is FinishedTransaction =>
      transaction.status === "SUCCESS",
    next: (transaction) => nextTransaction(account, transaction, password).catch(restart),
    cancel: (transaction) => cancelTransaction(account.session.client, transaction),
    nameOf: ({ status }) => status,
  });
}

/** One move: every state that Okta documents has its line here. */
async function nextTransaction(
  account: SignInAccount,
  transaction: AuthnTransaction,
  password: Secret | undefined,
): Promise<AuthnTransaction> {
  const { session: { client, rememberDevice }, interaction } = account;
  switch (transaction.status) {
    case "MFA_REQUIRED":
    case "MFA_CHALLENGE": {
      const { prev, factors, stateToken } = transaction;
      // A challenge that a terminal can't serve: back to the list of factors.
      if (factors.length === 0 && prev !== undefined && !isServed(transaction)) {
        const response = await client.post(prev.href, { stateToken });
        return processAuthnResponse(response, "go back to the list of factors");
      }
      const challenge = openAuthnChallenge({ client, transaction, rememberDevice });
      return await answerChallenge(account, challenge);
    }
    case "PASSWORD_WARN":
      return await skipPasswordWarning(interaction, authnPasswordWarning(client, transaction));
    case "PASSWORD_EXPIRED":
    case "PASSWORD_RESET": {
      const change = authnPasswordChange(client, transaction);
      return await changePassword(account, change, password);
    }
    case "MFA_ENROLL":
    case "MFA_ENROLL_ACTIVATE": {
      const { enrollTotp } = await import("../factors/enroll_totp.ts");
      return await enrollTotp(account, authnEnrollment(client, transaction));
    }
    case "POLL":
      return await pollAuthn(account, transaction);
    case "LOCKED_OUT":
      throw lockedOut();
    case "UNAUTHENTICATED":
    case "RECOVERY":
    case "RECOVERY_CHALLENGE":
      throw refusal(transaction.status, `Okta went to ${transaction.status}`, BROWSER);
    case "UNRECOGNIZED": {
      const status = showUntrusted(transaction.original);
      throw refusal("unrecognized_status", `Okta asks for ${status}`, BROWSER);
    }
    case "SUCCESS":
      return transaction;
    default:
      return transaction satisfies never;
  }
}

function isServed(transaction: AuthnTransaction): boolean {
  if (transaction.status !== "MFA_CHALLENGE") return true;
  const verify = transaction.factor?.verify ?? servedBy(transaction);
  return transaction.factor !== undefined &&
    authenticatorOf({ ...transaction.factor, verify }).kind !== "browser";
}

const BROWSER = "finish the sign-in in the browser once, then try again";

function refusal(code: string, message: string, hint: string): SignInError {
  return new SignInError(message, { code, hint });
}
