/**
 * The password: from the store or typed, sent once, and never again once Okta has refused it.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { StepResult } from "../factors/authenticator.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StateChange } from "./account_state.ts";
import { fingerprintOf, matchesRejectedFingerprint } from "./rejected_password_fingerprint.ts";
import { unexpected } from "../factors/factor_errors.ts";
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
 * @param send Sends it, by whichever API.
 * @param taken One that Okta has taken a moment ago: nobody is asked again.
 * @returns What came of it.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 */
export async function sendPassword<T>(
  account: OktaAccount,
  send: (password: Secret) => Promise<StepResult<T>>,
  taken?: Secret,
): Promise<SentPassword<T>> {
  const { password, replaces, lent } = taken === undefined
    ? await choosePassword(account)
    : { password: taken, replaces: false, lent: false };
  const result = await send(password);
  if (result.kind === "refused" && result.reason === "wrong") await noteRefused(account);
  if (result.kind !== "next") throw unexpected(result);
  if (replaces) {
    await account.replacePassword(password);
    await account.state.change({ refusedItem: undefined });
    await account.interaction.say("the new password is stored");
  }
  if (lent) await account.state.change(({ refusedItem }) => forgetIfLent(refusedItem));
  return { transaction: result.transaction, password };
}

/** What stands for the item where nothing is stored: the password is the environment's, a command's. */
const LENT = "env";

async function noteRefused({ secrets, state }: OktaAccount): Promise<void> {
  const { id, password } = await secrets();
  if (password === undefined) return;
  const rejectedFingerprint = id === undefined ? await fingerprintOf(password) : undefined;
  await state.change({ refusedItem: id ?? LENT, rejectedFingerprint });
}

/** The one before was replaced: should it ever come back, it is tried once more. */
function forgetIfLent(refusedItem: string | undefined): StateChange {
  return refusedItem === LENT ? { refusedItem: undefined, rejectedFingerprint: undefined } : {};
}

/** What is lent has no item whose id would tell that the password is another one by now. */
async function wasRefused(
  { state }: OktaAccount,
  id: string | undefined,
  password: Secret,
): Promise<boolean> {
  const { refusedItem, rejectedFingerprint } = await state.read();
  if (id !== undefined) return refusedItem === id;
  if (refusedItem !== LENT || rejectedFingerprint === undefined) return false;
  return await matchesRejectedFingerprint(rejectedFingerprint, password);
}

/** A password that Okta refused is not sent again from the store: accounts lock. */
async function choosePassword(
  account: OktaAccount,
): Promise<{ password: Secret; replaces: boolean; lent: boolean }> {
  const { id, password } = await account.secrets();
  const question = `Okta password of ${showUntrusted(account.username)}`;
  if (password === undefined) {
    return {
      password: await account.interaction.askSecret(question),
      replaces: false,
      lent: false,
    };
  }
  const lent = id === undefined;
  if (!await wasRefused(account, id, password)) return { password, replaces: false, lent };
  if (account.interaction.foreground && await account.interaction.canAsk()) {
    await account.interaction.say("Okta has refused the stored password: it is not sent again");
    const typed = await account.interaction.askSecret(`new ${question}`);
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
