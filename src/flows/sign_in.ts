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
import { parseOktaError } from "../okta/error_codes.ts";
import type { HttpResponse } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { answerFactor } from "./answer_factor.ts";
import type { Conversation } from "./conversation.ts";
import type { OktaAccount } from "./okta_account.ts";

/** A transaction that Okta has finished. */
export type FinishedTransaction = AuthnTransaction & { status: "SUCCESS" };

/** Okta's codes for a refused user name or password. */
const REFUSED_PASSWORD = ["E0000004", "E0000207"];

/**
 * Signs in.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @returns The finished transaction; it has a sessionToken.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 * @throws {InteractionError} Where somebody would have to answer and nobody can.
 */
export async function signIn(
  account: OktaAccount,
  conversation: Conversation,
): Promise<FinishedTransaction> {
  const primary = await sendPassword(
    account,
    conversation,
    (password) => primaryRequest(account.client, account.username, password),
  );
  return await finishTransaction(account, conversation, primary);
}

/**
 * Goes through the sign-in that a page of the org's asked for (app-level step-up).
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param stateToken The page's.
 * @returns The finished transaction; it has a sessionToken or a link to go on.
 */
export async function stepUp(
  account: OktaAccount,
  conversation: Conversation,
  stateToken: Secret,
): Promise<FinishedTransaction> {
  const response = await resumeRequest(account.client, stateToken);
  let transaction = processAuthnResponse(response, "open the AWS app");
  if (transaction.status === "UNAUTHENTICATED") {
    const { client, username } = account;
    const send = (password: Secret) => resumeRequest(client, stateToken, { username, password });
    transaction = await sendPassword(account, conversation, send);
  }
  return await finishTransaction(account, conversation, transaction);
}

/** Sends the password once. A refused one is noted, a new one that Okta takes replaces it. */
async function sendPassword(
  account: OktaAccount,
  conversation: Conversation,
  send: (password: Secret) => Promise<HttpResponse>,
): Promise<AuthnTransaction> {
  const { password, replaces } = await choosePassword(account, conversation);
  const response = await send(password);
  const code = response.status === 200 ? undefined : parseOktaError(response.body)?.errorCode;
  if (code !== undefined && REFUSED_PASSWORD.includes(code)) {
    const { id, password: stored } = await account.secrets();
    if (stored !== undefined) await account.state.change({ refusedItem: id });
  }
  const transaction = processAuthnResponse(response, `sign ${showUntrusted(account.username)} in`);
  if (replaces) {
    await account.replacePassword(password);
    await account.state.change({ refusedItem: undefined });
    await conversation.say("the new password is stored");
  }
  return transaction;
}

/** A password that Okta refused is not sent again from the store: accounts lock. */
async function choosePassword(
  account: OktaAccount,
  conversation: Conversation,
): Promise<{ password: Secret; replaces: boolean }> {
  const { id, password } = await account.secrets();
  const question = `Okta password of ${showUntrusted(account.username)}`;
  if (password === undefined) {
    return { password: await conversation.askSecret(question), replaces: false };
  }
  const { refusedItem } = await account.state.read();
  if (id === undefined || refusedItem !== id) return { password, replaces: false };
  if (conversation.foreground && await conversation.canAsk()) {
    await conversation.say("Okta has refused the stored password: it is not sent again");
    return { password: await conversation.askSecret(`new ${question}`), replaces: true };
  }
  throw new SignInError(`Okta has refused the stored password of ${account.username} before`, {
    code: "password_refused_before",
    hint: "it is not sent again, so that the account does not lock; " +
      "store the right one: okta-aws init",
  });
}

async function finishTransaction(
  account: OktaAccount,
  conversation: Conversation,
  first: AuthnTransaction,
): Promise<FinishedTransaction> {
  let transaction = first;
  try {
    while (transaction.status !== "SUCCESS") {
      transaction = await nextTransaction(account, conversation, transaction);
    }
    return transaction;
  } catch (error) {
    // Where the network is down, telling Okta costs another round of retries and reaches nobody.
    if (!(error instanceof NetworkError)) await cancelTransaction(account.client, transaction);
    throw error;
  }
}

/** One move: every state that Okta documents has its line here. */
function nextTransaction(
  account: OktaAccount,
  conversation: Conversation,
  transaction: Exclude<AuthnTransaction, FinishedTransaction>,
): Promise<AuthnTransaction> {
  switch (transaction.status) {
    case "MFA_REQUIRED":
      return answerFactor(account, conversation, transaction);
    case "PASSWORD_WARN":
      return skipWarning(account, conversation, transaction);
    case "PASSWORD_EXPIRED":
    case "PASSWORD_RESET":
      throw refusal(transaction.status, "your Okta password has expired", CHANGE_PASSWORD);
    case "LOCKED_OUT":
      throw refusal(transaction.status, "your Okta account is locked", UNLOCK);
    case "MFA_ENROLL":
    case "MFA_ENROLL_ACTIVATE":
      throw refusal(transaction.status, "Okta asks you to enrol another factor", ENROL);
    case "UNAUTHENTICATED":
    case "RECOVERY":
    case "RECOVERY_CHALLENGE":
    case "MFA_CHALLENGE":
      throw refusal(transaction.status, `Okta went to ${transaction.status}`, BROWSER);
    case "UNRECOGNIZED": {
      const status = showUntrusted(transaction.original);
      throw refusal("unrecognized_status", `Okta asks for ${status}`, BROWSER);
    }
    default:
      return transaction satisfies never;
  }
}

const CHANGE_PASSWORD = "change it in the browser, then store the new one: okta-aws init";
const UNLOCK = "unlock it on the org's sign-in page or ask your Okta administrator";
const ENROL = "enrol it once in the browser (a code of Google Authenticator is what okta-aws can " +
  "compute), then run okta-aws init";
const BROWSER = "finish this in the browser once, then try again";

function refusal(code: string, message: string, hint: string): SignInError {
  return new SignInError(message, { code, hint });
}

async function skipWarning(
  account: OktaAccount,
  conversation: Conversation,
  { skip, stateToken, passwordExpireDays: days }: AuthnTransaction,
): Promise<AuthnTransaction> {
  if (skip === undefined) throw refusal("PASSWORD_WARN", "Okta asks for a new password", BROWSER);
  await conversation.say(`your Okta password expires in ${days ?? "a few"} days`);
  const response = await account.client.post(skip.href, { stateToken });
  return processAuthnResponse(response, "go on with the old password");
}
