/**
 * The password: from the store or typed, sent once, and never again once Okta has refused it.
 *
 * @module
 */

import { SignInError } from "../errors.ts";
import { processAuthnResponse } from "../okta/authn.ts";
import type { AuthnTransaction } from "../okta/authn_transaction.ts";
import { parseOktaError } from "../okta/error_codes.ts";
import type { HttpResponse } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { StateChange } from "../store/account_state.ts";
import { fitsRefusedMark, refusedMarkOf } from "../store/refused_mark.ts";
import type { Conversation } from "./conversation.ts";
import type { OktaAccount } from "./okta_account.ts";

/** Okta's codes for a refused user name or password. */
const REFUSED_PASSWORD = ["E0000004", "E0000207"];

/** A password that Okta took. */
export interface SentPassword {
  /** What Okta asks for next. */
  transaction: AuthnTransaction;
  /** The password: changing it takes the old one. */
  password: Secret;
}

/**
 * Sends the password once. A refused one is noted, a new one that Okta takes replaces it.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param send Sends it.
 * @returns What came of it.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 */
export async function sendPassword(
  account: OktaAccount,
  conversation: Conversation,
  send: (password: Secret) => Promise<HttpResponse>,
): Promise<SentPassword> {
  const { password, replaces, lent } = await choosePassword(account, conversation);
  const response = await send(password);
  const code = response.status === 200 ? undefined : parseOktaError(response.body)?.errorCode;
  if (code !== undefined && REFUSED_PASSWORD.includes(code)) {
    await noteRefused(account);
  }
  const transaction = processAuthnResponse(response, `sign ${showUntrusted(account.username)} in`);
  if (replaces) {
    await account.replacePassword(password);
    await account.state.change({ refusedItem: undefined });
    await conversation.say("the new password is stored");
  }
  if (lent) await account.state.change(({ refusedItem }) => forgetIfLent(refusedItem));
  return { transaction, password };
}

/** What stands for the item where nothing is stored: the password is the environment's, a command's. */
const LENT = "env";

async function noteRefused({ secrets, state }: OktaAccount): Promise<void> {
  const { id, password } = await secrets();
  if (password === undefined) return;
  const refusedMark = id === undefined ? await refusedMarkOf(password) : undefined;
  await state.change({ refusedItem: id ?? LENT, refusedMark });
}

/** The one before was replaced: should it ever come back, it is tried once more. */
function forgetIfLent(refusedItem: string | undefined): StateChange {
  return refusedItem === LENT ? { refusedItem: undefined, refusedMark: undefined } : {};
}

/** What is lent has no item whose id would tell that the password is another one by now. */
async function wasRefused(
  { state }: OktaAccount,
  id: string | undefined,
  password: Secret,
): Promise<boolean> {
  const { refusedItem, refusedMark } = await state.read();
  if (id !== undefined) return refusedItem === id;
  if (refusedItem !== LENT || refusedMark === undefined) return false;
  return await fitsRefusedMark(refusedMark, password);
}

/** A password that Okta refused is not sent again from the store: accounts lock. */
async function choosePassword(
  account: OktaAccount,
  conversation: Conversation,
): Promise<{ password: Secret; replaces: boolean; lent: boolean }> {
  const { id, password } = await account.secrets();
  const question = `Okta password of ${showUntrusted(account.username)}`;
  if (password === undefined) {
    return { password: await conversation.askSecret(question), replaces: false, lent: false };
  }
  const lent = id === undefined;
  if (!await wasRefused(account, id, password)) return { password, replaces: false, lent };
  if (conversation.foreground && await conversation.canAsk()) {
    await conversation.say("Okta has refused the stored password: it is not sent again");
    const typed = await conversation.askSecret(`new ${question}`);
    return { password: typed, replaces: !lent, lent: false };
  }
  throw new SignInError(`Okta has refused the stored password of ${account.username} before`, {
    code: "password_refused_before",
    hint: "it is not sent again, so that the account does not lock; " +
      (lent
        ? "mend OKTA_AWS_PASSWORD, or what password_command prints; if it is right: okta-aws init"
        : "store the right one: okta-aws secrets set password"),
  });
}
