/**
 * The sign-in: password, then whatever Okta asks for, until it says SUCCESS.
 *
 * @module
 */

import { NetworkError, SignInError } from "../errors.ts";
import {
  cancelTransaction,
  primaryRequest,
  processAuthnResponse,
  resumeRequest,
} from "../okta/authn.ts";
import type { AuthnTransaction } from "../okta/authn_transaction.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { answerFactor } from "./answer_factor.ts";
import type { Conversation } from "./conversation.ts";
import type { OktaAccount } from "./okta_account.ts";
import { sendPassword } from "./send_password.ts";
import { changePassword, skipPasswordWarning } from "./states/password_expired.ts";
import { sparingPerson } from "./spare_person.ts";

/** A transaction that Okta has finished. */
export type FinishedTransaction = AuthnTransaction & { status: "SUCCESS" };

/** How a transaction begins: its first state, and the password where it was sent. */
interface Beginning {
  transaction: AuthnTransaction;
  password: Secret | undefined;
}

/**
 * Signs in.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @returns The finished transaction; it has a sessionToken.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 * @throws {InteractionError} Where somebody would have to answer and nobody can.
 * @throws {InterruptedError} On Ctrl-C; the transaction is cancelled then, as after any error.
 */
export function signIn(
  account: OktaAccount,
  conversation: Conversation,
): Promise<FinishedTransaction> {
  const { client, username } = account;
  const send = (password: Secret) => primaryRequest(client, username, password);
  return finishTransaction(
    account,
    conversation,
    () => sendPassword(account, conversation, send),
  );
}

/**
 * Goes through the sign-in that a page of the org's asked for (app-level step-up).
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param stateToken The page's.
 * @returns The finished transaction; it has a sessionToken or a link to go on.
 */
export function stepUp(
  account: OktaAccount,
  conversation: Conversation,
  stateToken: Secret,
): Promise<FinishedTransaction> {
  const { client, username } = account;
  return finishTransaction(account, conversation, async () => {
    const response = await resumeRequest(client, stateToken);
    const transaction = processAuthnResponse(response, "open the AWS app");
    if (transaction.status !== "UNAUTHENTICATED") return { transaction, password: undefined };
    const send = (password: Secret) => resumeRequest(client, stateToken, { username, password });
    return await sendPassword(account, conversation, send);
  });
}

function finishTransaction(
  account: OktaAccount,
  conversation: Conversation,
  begin: () => Promise<Beginning>,
): Promise<FinishedTransaction> {
  return sparingPerson(account, conversation, async () => {
    let current: AuthnTransaction | undefined;
    try {
      return await account.interruptible(async (signal) => {
        const { transaction, password } = await begin();
        current = transaction;
        for (let moves = 0; current.status !== "SUCCESS"; moves++) {
          if (moves === MOST_MOVES) throw goesInCircles(current.status);
          current = await nextTransaction(account, conversation, current, password);
          signal.throwIfAborted();
        }
        return current;
      });
    } catch (error) {
      // Where the network is down, telling Okta costs another round of retries and reaches nobody.
      const reaches = !(error instanceof NetworkError);
      if (reaches && current !== undefined) await cancelTransaction(account.client, current);
      throw error;
    }
  });
}

/** More moves than any sign-in has: factor, new password, enrolment, each with its ways back. */
const MOST_MOVES = 12;

function goesInCircles(status: string): SignInError {
  return new SignInError(`the sign-in goes in circles: Okta asks for ${status} again and again`, {
    code: "sign_in_circle",
    hint: "sign in once in the browser, then try again",
  });
}

/** One move: every state that Okta documents has its line here. */
async function nextTransaction(
  account: OktaAccount,
  conversation: Conversation,
  transaction: Exclude<AuthnTransaction, FinishedTransaction>,
  password: Secret | undefined,
): Promise<AuthnTransaction> {
  switch (transaction.status) {
    case "MFA_REQUIRED":
    case "MFA_CHALLENGE":
      return await answerFactor(account, conversation, transaction);
    case "PASSWORD_WARN":
      return await skipPasswordWarning(account, conversation, transaction);
    case "PASSWORD_EXPIRED":
    case "PASSWORD_RESET":
      return await changePassword(account, conversation, transaction, password);
    case "MFA_ENROLL":
    case "MFA_ENROLL_ACTIVATE": {
      const { enrollTotp } = await import("./states/enroll_totp.ts");
      return await enrollTotp(account, conversation, transaction);
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
    default:
      return transaction satisfies never;
  }
}

const UNLOCK = "unlock it on the org's sign-in page or ask your Okta administrator";
const BROWSER = "finish this in the browser once, then try again";

function refusal(code: string, message: string, hint: string): SignInError {
  return new SignInError(message, { code, hint });
}
