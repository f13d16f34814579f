/**
 * Knows a password again without keeping it: one that no item keeps, or that several accounts of one
 * Okta user may have.
 *
 * @module
 */

import type { Secret } from "../secret.ts";
import type {
  AccountState,
  AccountStateFile,
  RejectedFingerprint,
  SentPassword,
  StateChange,
} from "../store/account_state.ts";

const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const HASH_BITS = 16;

async function slowHash(password: Secret, salt: string): Promise<string> {
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

async function keyedHash(password: Secret, salt: string, key: Secret): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const bytes = encoder.encode(JSON.stringify(["okta-aws fingerprint", key.reveal()]));
  const hmac = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const text = encoder.encode(JSON.stringify([salt, password.reveal()]));
  const hash = new Uint8Array(await crypto.subtle.sign("HMAC", hmac, text));
  return hash.slice(0, HASH_BITS / 8).toHex();
}

const made = new WeakMap<Secret, Promise<RejectedFingerprint>>();
let ahead: { password: Secret; fingerprint: Promise<RejectedFingerprint> } | undefined;

/** Begins {@linkcode fingerprintOf} on another thread, before the password's store is open. */
export function fingerprintAhead(password: Secret): void {
  ahead = { password, fingerprint: makeSlow(password) };
  // fingerprintOf() reports a failure.
  ahead.fingerprint.catch(() => {});
}

/**
 * What is kept of a password that Okta rejected, or has not answered. Without a key it takes 100 ms,
 * once for each password of a run: it can be begun before it is needed.
 *
 * @param key The account's TOTP secret: nobody who has only the mark can try passwords.
 */
export async function fingerprintOf(password: Secret, key?: Secret): Promise<RejectedFingerprint> {
  if (key !== undefined) {
    const salt = newSalt();
    return { salt, keyed: true, hash: await keyedHash(password, salt, key) };
  }
  const isBegun = ahead?.password.reveal() === password.reveal();
  const fingerprint = made.get(password) ?? (isBegun ? ahead!.fingerprint : makeSlow(password));
  made.set(password, fingerprint);
  return await fingerprint;
}

async function makeSlow(password: Secret): Promise<RejectedFingerprint> {
  const salt = newSalt();
  return { salt, hash: await slowHash(password, salt) };
}

function newSalt(): string {
  return crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toHex();
}

/**
 * Whether it is the rejected password; one of 65,536 others matches too.
 *
 * @param key The account's TOTP secret. With another one than before, the password is not known again.
 */
export async function matchesRejectedFingerprint(
  { salt, hash, keyed }: RejectedFingerprint,
  password: Secret,
  key?: Secret,
): Promise<boolean> {
  if (keyed) return key !== undefined && await keyedHash(password, salt, key) === hash;
  return await slowHash(password, salt) === hash;
}

/** The notes that are not about this password; `undefined` for none. Those without a mark stay. */
async function withoutPassword(
  notes: readonly SentPassword[],
  password: Secret,
  key: Secret | undefined,
): Promise<SentPassword[] | undefined> {
  const kept: SentPassword[] = [];
  for (const note of notes) {
    const { fingerprint } = note;
    const isAbout = fingerprint !== undefined &&
      await matchesRejectedFingerprint(fingerprint, password, key);
    if (!isAbout) kept.push(note);
  }
  return kept.length === 0 ? undefined : kept;
}

/** Okta has answered one account of a user: the others' notes about the same password are settled. */
export async function settleOthers(
  { others = [] }: Pick<AccountStateFile, "others">,
  password: Secret,
  key?: Secret,
): Promise<void> {
  for (const other of others) {
    const before = (await other.read()).sentPasswords ?? [];
    const sentPasswords = await withoutPassword(before, password, key);
    if ((sentPasswords?.length ?? 0) !== before.length) await other.change({ sentPasswords });
  }
}

/**
 * A person has entered this password: whatever came of it before, at any account of the same Okta
 * user, it may be sent. What is known of other passwords stays, for the accounts that have them.
 *
 * @param key The account's TOTP secret: an account that had no other beside it has marked with it.
 */
export async function forgetPassword(
  state: AccountStateFile,
  password: Secret,
  key?: Secret,
): Promise<void> {
  const { others = [] } = state;
  if (others.length === 0) return;
  await settleOthers({ others: [state, ...others] }, password, key);
  for (const one of [state, ...others]) {
    const { rejectedFingerprint: mark } = await one.read();
    const isKnown = mark !== undefined &&
      await matchesRejectedFingerprint(mark, password, key);
    if (isKnown) await one.change({ rejectedFingerprint: undefined });
  }
}

/** An account has another password now: only notes that concern other accounts of its user stay. */
export function forgetOwnPassword(
  { others = [] }: Pick<AccountStateFile, "others">,
): (before: AccountState) => StateChange {
  return ({ sentPasswords = [] }) => {
    const kept = sentPasswords.filter((note) => others.length > 0 && note.fingerprint);
    return { refusedItem: undefined, sentPasswords: kept.length === 0 ? undefined : kept };
  };
}
