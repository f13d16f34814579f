/**
 * The password: from the store or typed, sent once, and never again once Okta has rejected it.
 *
 * @module
 */

import { InteractionError, NetworkError, SettingsError, SignInError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import {
  fingerprintOf,
  matchesRejectedFingerprint,
  settleOthers,
} from "../../secrets/password_fingerprint.ts";
import { strongTotpKey } from "../../secrets/session_key.ts";
import type { AccountSecrets } from "../../secrets/secret_item.ts";
import type {
  AccountStateFile,
  RejectedFingerprint,
  SentPassword as SentNote,
  StateChange,
} from "../../store/account_state.ts";
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
 * Sends the password once. That it is being sent is noted before, so that a run that is killed, or gets
 * no answer, is not followed by others that send the same wrong password. A rejected one is noted; a new
 * one that Okta takes replaces it.
 *
 * @param send `refused`: Okta has judged the password, and it must not be sent again.
 * @param taken One that Okta took a moment ago: nobody is asked again.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 * @throws {InteractionError} `password_sent_before`
 * @throws {SettingsError} If the note can't be written: nothing is sent then.
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
  const note = await noteSending(account, password);
  const result = await withOutcome(note, () => send(password));
  if (result.kind === "refused" && !(result.error instanceof NetworkError)) {
    await noteRejected(account);
  } else await note.settle();
  if (result.kind !== "next") throw unexpected(result);
  if (replaces) {
    await secrets.replacePassword(password);
    await state.change({ refusedItem: undefined });
    await interaction.say("the new password is stored");
  }
  if (lent) await state.change(({ refusedItem }) => forgetIfLent(refusedItem));
  return { transaction: result.transaction, password };
}

/** The most items that are noted: `init` tries passwords that are not the stored one. */
const MOST_NOTES = 8;

/** The note about a password that is being sent. */
export interface SendingNote {
  /** Okta's answer is known. */
  settle(): Promise<void>;
  /** Nothing has been sent: what was noted before counts. */
  undo(): Promise<void>;
}

/** A typed password needs no note: only the person can send it again. */
const NO_NOTE: SendingNote = { settle: () => Promise.resolve(), undo: () => Promise.resolve() };

/**
 * Opens the secret store, and begins what {@linkcode noteSending} will need, so that both are done while
 * a connection is opened.
 *
 * @throws As reading the secrets does.
 */
export async function preparePassword(
  { session: { state }, secrets }: SignInAccount,
): Promise<void> {
  const { id, password, totp } = await secrets.read();
  if (password !== undefined) void markOf(state, { id, password, totp }).catch(() => {});
}

/** The mark of a password without an item, or that accounts of the same user may have, too. */
async function markOf(
  { others = [] }: Pick<AccountStateFile, "others">,
  { id, password, totp }: Pick<AccountSecrets, "id" | "totp"> & { password: Secret },
): Promise<RejectedFingerprint | undefined> {
  // The other accounts may have another TOTP secret.
  if (others.length > 0) return await fingerprintOf(password);
  return id === undefined ? await fingerprintOf(password, strongTotpKey(totp)) : undefined;
}

/** Notes that a password is being sent. @throws {SettingsError} If that can't be written. */
export async function noteSending(
  account: SignInAccount,
  password: Secret,
): Promise<SendingNote> {
  const { session: { state }, secrets } = account;
  const { id, password: stored, totp } = await secrets.read();
  const item = id ?? LENT;
  if (stored?.reveal() !== password.reveal()) return NO_NOTE;
  const fingerprint = await markOf(state, { id, password: stored, totp });
  const sent: SentNote = fingerprint === undefined ? { item } : { item, fingerprint };
  const before = (await state.read()).sentPasswords?.find((note) => note.item === item);
  const replace = (note: SentNote | undefined) =>
    state.change(({ sentPasswords = [] }) => {
      const others = sentPasswords.filter((one) => one.item !== item);
      const notes = (note === undefined ? others : [...others, note]).slice(-MOST_NOTES);
      return { sentPasswords: notes.length === 0 ? undefined : notes };
    });
  await replace(sent);
  const settle = async () => {
    await replace(undefined);
    await settleOthers(state, password, strongTotpKey(totp));
  };
  return { settle, undo: () => replace(before) };
}

/** A person has signed in without our help: notes about the stored password are settled. */
export async function settlePassword(account: SignInAccount): Promise<void> {
  const { session: { state }, secrets } = account;
  const { id: item = LENT, password, totp } = await secrets.read();
  if (password === undefined) return;
  await state.change(({ sentPasswords = [] }) => {
    const others = sentPasswords.filter((note) => note.item !== item);
    return { sentPasswords: others.length === 0 ? undefined : others };
  });
  await settleOthers(state, password, strongTotpKey(totp));
}

/** Failures after which nobody knows whether Okta has seen the password. */
const NO_OUTCOME = ["timeout", "reset", "network", "tls", "too_large"];

/** A timeout, a reset, or Ctrl-C leaves the note; an answer of any kind does not. */
async function withOutcome<T>(note: SendingNote, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof NetworkError) {
      if (error.unsent || UNSENT.includes(error.code)) await note.undo();
      else if (!NO_OUTCOME.includes(error.code)) await note.settle();
    } else if (error instanceof SignInError) await note.settle();
    else if (error instanceof SettingsError) await note.undo();
    throw error;
  }
}

/** No connection was made. */
const UNSENT = ["dns", "refused", "proxy"];

/** The password as one of the factors of a challenge. */
export async function answerPassword<T>({ account, factor }: FactorContext<T>): Promise<T> {
  const send = async (password: Secret): Promise<StepResult<T>> => {
    try {
      return await factor.answer({ kind: "password", password });
    } catch (error) {
      // Okta may end the transaction in place of refusing the password.
      if (!(error instanceof SignInError)) throw error;
      return { kind: "refused", reason: "wrong", says: error.message, error };
    }
  };
  return (await sendPassword(account, send)).transaction;
}

/** Used for the item's id if nothing is stored: the password is the environment's, a command's. */
const LENT = "env";

/** Notes that Okta rejected the stored password. */
export async function noteRejected(
  { secrets, session: { state } }: SignInAccount,
): Promise<void> {
  const { id, password } = await secrets.read();
  if (password === undefined) return;
  const item = id ?? LENT;
  // Without the TOTP secret: beside another one the password is as wrong as before.
  const rejectedFingerprint = await markOf(state, { id, password, totp: undefined });
  await state.change(({ sentPasswords = [] }) => ({
    refusedItem: item,
    rejectedFingerprint,
    sentPasswords: sentPasswords.filter((note) => note.item !== item),
  }));
}

/** The one before was replaced: should it ever come back, it is tried once more. */
function forgetIfLent(refusedItem: string | undefined): StateChange {
  return refusedItem === LENT ? { refusedItem: undefined, rejectedFingerprint: undefined } : {};
}

/**
 * What came of a password before, also if another account of the same user sent it. A lent one has no
 * item whose id would tell that it has changed.
 */
export async function earlierOutcome(
  { session: { state }, secrets }: SignInAccount,
  id: string | undefined,
  password: Secret,
): Promise<"rejected" | "unknown" | undefined> {
  const key = strongTotpKey((await secrets.read()).totp);
  const { refusedItem, rejectedFingerprint, sentPasswords = [] } = await state.read();
  const others = await Promise.all((state.others ?? []).map((other) => other.read()));
  const isTheirs = async (fingerprint: RejectedFingerprint | undefined) =>
    fingerprint !== undefined && await matchesRejectedFingerprint(fingerprint, password, key);
  const isThis = async (item: string | undefined, fingerprint?: RejectedFingerprint) =>
    item === (id ?? LENT) && (id !== undefined || await isTheirs(fingerprint));
  if (await isThis(refusedItem, rejectedFingerprint)) return "rejected";
  for (const other of others) {
    if (await isTheirs(other.rejectedFingerprint)) return "rejected";
  }
  for (const { item, fingerprint } of sentPasswords) {
    if (await isThis(item, fingerprint)) return "unknown";
  }
  for (const { fingerprint } of others.flatMap((other) => other.sentPasswords ?? [])) {
    if (await isTheirs(fingerprint)) return "unknown";
  }
  return undefined;
}

/**
 * A stored password that Okta rejected is not sent again: accounts lock. One whose answer never came is
 * sent again only if a person says so.
 */
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
  const outcome = await earlierOutcome(account, id, password);
  const stored = { password, replaces: false, lent };
  if (outcome === undefined) return stored;
  const canAsk = interaction.foreground && await interaction.canAsk();
  if (outcome === "unknown") {
    if (!canAsk) throw sentBefore(account);
    await interaction.say("the stored password was sent before, but Okta's answer did not arrive");
    if (await interaction.askConfirm("Send it again", true)) return stored;
    throw sentBefore(account);
  }
  if (canAsk) {
    await interaction.say("the stored password was rejected and will not be sent again");
    const typed = await interaction.askSecret(`New ${question}`);
    return { password: typed, replaces: !lent, lent: false };
  }
  throw new SignInError(
    `the stored password of ${showUntrusted(username)} was rejected and will not be sent again`,
    {
      code: "password_refused_before",
      hint: lent
        ? "fix OKTA_AWS_PASSWORD or the output of password_command; if it is right: okta-aws init"
        : "store the right one: okta-aws secrets set password",
    },
  );
}

export function sentBefore({ name, username }: SignInAccount): InteractionError {
  return new InteractionError(
    `the stored password of ${
      showUntrusted(username)
    } was sent before, but Okta's answer did not ` +
      "arrive: it is not sent again until you confirm",
    {
      code: "password_sent_before",
      hint: `run in a terminal: okta-aws signin${name === "default" ? "" : ` --account ${name}`}`,
    },
  );
}
