/**
 * The password: from the store or typed, sent once, and never again once Okta has rejected it.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import type { RejectedFingerprint, StateChange } from "../../store/account_state.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StepResult } from "./authenticator.ts";
import type { FactorContext, SignInAccount } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/** A password that Okta took. */
export interface SentPassword<T> {
  /** What Okta asks for next. */
  transaction: T;
  /** Needed again if Okta wants it changed. */
  password: Secret;
}

/**
 * Sends the password once. A rejected one is noted; a new one that Okta takes replaces it.
 *
 * @param taken One that Okta took a moment ago: nobody is asked again.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 */
export async function sendPassword<T>(
  account: SignInAccount,
  send: (password: Secret) => Promise<StepResult<T>>,
  taken?: Secret,
): Promise<SentPassword<T>> {
  const { session: { state }, secrets, interaction } = account;
  const { password, replaces, lent } = taken === undefined
    ? await choosePassword(account)
    : { password: taken, replaces: false, lent: false };
  const result = await send(password);
  if (result.kind === "refused" && result.reason === "wrong") await noteRejected(account);
  if (result.kind !== "next") throw unexpected(result);
  if (replaces) {
    await secrets.replacePassword(password);
    await state.change({ refusedItem: undefined });
    await interaction.say("the new password is stored");
  }
  if (lent) await state.change(({ refusedItem }) => forgetIfLent(refusedItem));
  return { transaction: result.transaction, password };
}

/** The password as one of the factors of a challenge. */
export async function answerPassword<T>({ account, factor }: FactorContext<T>): Promise<T> {
  const send = (password: Secret) => factor.answer({ kind: "password", password });
  return (await sendPassword(account, send)).transaction;
}

/** Used for the item's id if nothing is stored: the password is the environment's, a command's. */
const LENT = "env";

/** Notes that Okta rejected the stored password. */
export async function noteRejected({ secrets, session: { state } }: SignInAccount): Promise<void> {
  const { id, password } = await secrets.read();
  if (password === undefined) return;
  const rejectedFingerprint = id === undefined ? await fingerprintOf(password) : undefined;
  await state.change({ refusedItem: id ?? LENT, rejectedFingerprint });
}

/** The one before was replaced: should it ever come back, it is tried once more. */
function forgetIfLent(refusedItem: string | undefined): StateChange {
  return refusedItem === LENT ? { refusedItem: undefined, rejectedFingerprint: undefined } : {};
}

/** A lent password has no item whose id would tell that it has been changed. */
export async function wasRejected(
  { session: { state } }: SignInAccount,
  id: string | undefined,
  password: Secret,
): Promise<boolean> {
  const { refusedItem, rejectedFingerprint } = await state.read();
  if (id !== undefined) return refusedItem === id;
  if (refusedItem !== LENT || rejectedFingerprint === undefined) return false;
  return await matchesRejectedFingerprint(rejectedFingerprint, password);
}

/** A stored password that Okta rejected is not sent again: accounts lock. */
async function choosePassword(
  account: SignInAccount,
): Promise<{ password: Secret; replaces: boolean; lent: boolean }> {
  const { interaction, username } = account;
  const { id, password } = await account.secrets.read();
  const question = `Okta password of ${showUntrusted(username)}`;
  if (password === undefined) {
    return { password: await interaction.askSecret(question), replaces: false, lent: false };
  }
  const lent = id === undefined;
  if (!await wasRejected(account, id, password)) return { password, replaces: false, lent };
  if (interaction.foreground && await interaction.canAsk()) {
    await interaction.say("the stored password was rejected and will not be sent again");
    const typed = await interaction.askSecret(`New ${question}`);
    return { password: typed, replaces: !lent, lent: false };
  }
  const message = `the stored password of ${username} was rejected and will not be sent again`;
  throw new SignInError(message, {
    code: "password_refused_before",
    hint: lent
      ? "fix OKTA_AWS_PASSWORD or the output of password_command; if it is right: okta-aws init"
      : "store the right one: okta-aws secrets set password",
  });
}

const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const HASH_BITS = 16;

async function hashOf(password: Secret, salt: string): Promise<string> {
  const text = new TextEncoder().encode(password.reveal());
  const key = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const parameters = {
    name: "PBKDF2",
    hash: "SHA-256",
    iterations: ITERATIONS,
    salt: Uint8Array.fromHex(salt),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, HASH_BITS)).toHex();
}

/** What is kept of a password that Okta rejected and no item keeps. */
export async function fingerprintOf(password: Secret): Promise<RejectedFingerprint> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toHex();
  return { salt, hash: await hashOf(password, salt) };
}

/** Whether it is the rejected password; one of 65,536 others matches too. */
export async function matchesRejectedFingerprint(
  { salt, hash }: RejectedFingerprint,
  password: Secret,
): Promise<boolean> {
  return await hashOf(password, salt) === hash;
}
