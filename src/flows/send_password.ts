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
  const { password, replaces } = await choosePassword(account, conversation);
  const response = await send(password);
  const code = response.status === 200 ? undefined : parseOktaError(response.body)?.errorCode;
  if (code !== undefined && REFUSED_PASSWORD.includes(code)) {
    const { id, password: stored } = await account.secrets();
    if (stored !== undefined) {
      const refusedAt = account.client.clock.now();
      await account.state.change({ refusedItem: id ?? ENVIRONMENT, refusedAt });
    }
  }
  const transaction = processAuthnResponse(response, `sign ${showUntrusted(account.username)} in`);
  if (replaces) {
    await account.replacePassword(password);
    await account.state.change({ refusedItem: undefined });
    await conversation.say("the new password is stored");
  }
  return { transaction, password };
}

/** What stands for the item where the password is the environment's. */
const ENVIRONMENT = "env";

/** How long a password of the environment that was refused is not sent again. */
const ENVIRONMENT_MILLISECONDS = 10 * 60 * 1000;

/** An environment has no item whose id would tell that its password has changed: it waits. */
async function wasRefused(account: OktaAccount, id: string | undefined): Promise<boolean> {
  const { refusedItem, refusedAt = 0 } = await account.state.read();
  if (id !== undefined) return refusedItem === id;
  return refusedItem === ENVIRONMENT &&
    account.client.clock.now() - refusedAt < ENVIRONMENT_MILLISECONDS;
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
  if (!await wasRefused(account, id)) return { password, replaces: false };
  if (conversation.foreground && await conversation.canAsk()) {
    await conversation.say("Okta has refused the stored password: it is not sent again");
    const replaces = id !== undefined;
    return { password: await conversation.askSecret(`new ${question}`), replaces };
  }
  throw new SignInError(`Okta has refused the stored password of ${account.username} before`, {
    code: "password_refused_before",
    hint: "it is not sent again, so that the account does not lock; " +
      (id === undefined
        ? "mend OKTA_AWS_PASSWORD, or what password_command prints, and wait ten minutes"
        : "store the right one: okta-aws secrets set password"),
  });
}
