/**
 * The password: from the store or typed, sent once, and never again once Okta has refused it.
 *
 * @module
 */

import { SignInError } from "../errors.ts";
import type { StepResult } from "../okta/authenticator.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import { unexpected } from "./factors/factor_errors.ts";
import type { OktaAccount } from "./okta_account.ts";

/** A password that Okta took. */
export interface SentPassword<T> {
  /** What Okta asks for next. */
  transaction: T;
  /** The password: changing it takes the old one. */
  password: Secret;
}

/**
 * Sends the password once. A refused one is noted, a new one that Okta takes replaces it.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param send Sends it, by whichever API.
 * @param taken One that Okta has taken a moment ago: nobody is asked again.
 * @returns What came of it.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 */
export async function sendPassword<T>(
  account: OktaAccount,
  conversation: Conversation,
  send: (password: Secret) => Promise<StepResult<T>>,
  taken?: Secret,
): Promise<SentPassword<T>> {
  const { password, replaces } = taken === undefined
    ? await choosePassword(account, conversation)
    : { password: taken, replaces: false };
  const result = await send(password);
  if (result.kind === "refused" && result.reason === "wrong") await noteRefusal(account);
  if (result.kind !== "next") throw unexpected(result);
  if (replaces) {
    await account.replacePassword(password);
    await account.state.change({ refusedItem: undefined });
    await conversation.say("the new password is stored");
  }
  return { transaction: result.transaction, password };
}

async function noteRefusal(account: OktaAccount): Promise<void> {
  const { id, password } = await account.secrets();
  if (password === undefined) return;
  const refusedAt = account.client.clock.now();
  await account.state.change({ refusedItem: id ?? ENVIRONMENT, refusedAt });
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
