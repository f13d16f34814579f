/**
 * The sign-in by the authn API: password, then whatever Okta asks for, until it says SUCCESS.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import {
  cancelTransaction,
  primaryRequest,
  processAuthnResponse,
  resumeRequest,
} from "../classic/authn.ts";
import {
  authnPasswordChange,
  authnPasswordWarning,
  processPrimaryResponse,
} from "../classic/authn_password.ts";
import type { AuthnTransaction } from "../classic/authn_transaction.ts";
import { authnEnrollment } from "../classic/authn_enrollment.ts";
import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { answerFactor } from "./answer_factor.ts";
import { finishTransaction } from "./finish_transaction.ts";
import type { OktaAccount } from "./okta_account.ts";
import { sendPassword, type SentPassword } from "./send_password.ts";
import { changePassword, skipPasswordWarning } from "./states/password_expired.ts";

/** A transaction that Okta has finished. */
export type FinishedTransaction = AuthnTransaction & { status: "SUCCESS" };

/** How a transaction begins: its first state, and the password where it was sent. */
type Beginning = Omit<SentPassword<AuthnTransaction>, "password"> & {
  password: Secret | undefined;
};

/**
 * Signs in by the authn API.
 *
 * @param account The Okta account.
 * @returns The finished transaction; it has a sessionToken.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 * @throws {InteractionError} Where somebody would have to answer and nobody can.
 * @throws {InterruptedError} On Ctrl-C; the transaction is cancelled then, as after any error.
 */
export function signIn(
  account: OktaAccount,
): Promise<FinishedTransaction> {
  const { client, username } = account;
  return finish(account, () =>
    sendPrimary(
      account,
      (password) => primaryRequest(client, username, password),
    ));
}

/**
 * Goes through the sign-in that a page of the org's asked for (app-level step-up).
 *
 * @param account The Okta account.
 * @param stateToken The page's.
 * @returns The finished transaction; it has a sessionToken or a link to go on.
 */
export function stepUp(
  account: OktaAccount,
  stateToken: Secret,
): Promise<FinishedTransaction> {
  const { client, username } = account;
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
  account: OktaAccount,
  send: (password: Secret) => Promise<HttpResponse>,
): Promise<SentPassword<AuthnTransaction>> {
  return sendPassword(
    account,
    async (password) => processPrimaryResponse(await send(password), account.username),
  );
}

function finish(
  account: OktaAccount,
  begin: () => Promise<Beginning>,
): Promise<FinishedTransaction> {
  let password: Secret | undefined;
  return finishTransaction<AuthnTransaction, FinishedTransaction>(account, {
    async begin() {
      const begun = await begin();
      ({ password } = begun);
      return begun.transaction;
    },
    isFinished: (transaction): transaction is FinishedTransaction =>
      transaction.status === "SUCCESS",
    next: (transaction) => nextTransaction(account, transaction, password),
    cancel: (transaction) => cancelTransaction(account.client, transaction),
    nameOf: ({ status }) => status,
  });
}

/** One move: every state that Okta documents has its line here. */
async function nextTransaction(
  account: OktaAccount,
  transaction: AuthnTransaction,
  password: Secret | undefined,
): Promise<AuthnTransaction> {
  switch (transaction.status) {
    case "MFA_REQUIRED":
    case "MFA_CHALLENGE":
      return await answerFactor(account, transaction);
    case "PASSWORD_WARN":
      return await skipPasswordWarning(
        account.interaction,
        authnPasswordWarning(account.client, transaction),
      );
    case "PASSWORD_EXPIRED":
    case "PASSWORD_RESET": {
      const change = authnPasswordChange(account.client, transaction);
      return await changePassword(account, change, password);
    }
    case "MFA_ENROLL":
    case "MFA_ENROLL_ACTIVATE": {
      const { enrollTotp } = await import("./states/enroll_totp.ts");
      const offer = authnEnrollment(account.client, transaction);
      return await enrollTotp(account, offer);
    }
    case "LOCKED_OUT":
      throw refusal(transaction.status, "your Okta account is locked", UNLOCK);
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

const UNLOCK = "unlock it on the org's sign-in page or ask your Okta administrator";
const BROWSER = "finish this in the browser once, then try again";

function refusal(code: string, message: string, hint: string): SignInError {
  return new SignInError(message, { code, hint });
}
