/**
 * The Okta session between runs: the org's cookies, sealed with the account's key, kept and restored.
 * The device's cookie outlives the session.
 *
 * @module
 */

import type { Files } from "../../ports.ts";
import { hashName, hasVersion, isString, type JsonFile, jsonFile } from "../../store/json_file.ts";
import { seal, type SealKey, unseal } from "../../store/seal.ts";
import type { StoredCookie } from "../client/cookie_jar.ts";
import type { OktaSession, SignInAccount } from "../factors/factor_context.ts";

interface SealedSession {
  version: 1;
  /** Milliseconds since the Unix epoch; not secret, for `status`. Missing after a sign-out. */
  signedInAt?: number;
  /** As Okta said, likewise. */
  expiresAt?: number;
  /** A hash of the user name: another user's session counts as none. */
  user: string;
  sealed: string;
}

/** A session as it was kept. */
export interface StoredSession {
  /**
   * When the person signed in, milliseconds since the Unix epoch; `undefined` if the session is over
   * and only the device's cookie is kept.
   */
  signedInAt: number | undefined;
  cookies: StoredCookie[];
}

/** The session file of one account. */
export interface SessionStore {
  /** The session, or `undefined` if there is none that this key opens. */
  read(key: SealKey): Promise<StoredSession | undefined>;
  write(key: SealKey, session: StoredSession): Promise<void>;
  /** When the person signed in, if they are; needs no key. */
  signedInAt(): Promise<number | undefined>;
  /** When Okta ends it at the earliest, if Okta was asked; needs no key. */
  expiresAt(): Promise<number | undefined>;
  /** Keeps what Okta said about the session's end. */
  noteExpiration(expiresAt: number): Promise<void>;
  /** Whether any cookies are kept; needs no key. */
  isKept(): Promise<boolean>;
  /** @returns Whether there was one. */
  remove(): Promise<boolean>;
}

function isSealedSession(document: unknown): document is SealedSession {
  if (!hasVersion(document, 1)) return false;
  const { sealed, user, signedInAt, expiresAt } = document as SealedSession;
  const isTime = (time: unknown) => time === undefined || Number.isFinite(time);
  return isString(sealed) && isString(user) && isTime(signedInAt) && isTime(expiresAt);
}

/** Whose session or assertions are kept, and where. */
export interface KeptFor {
  cacheDirectory: string;
  account: string;
  /** The org's origin: what another org gave is never sent to this one. */
  org: string;
  /** As the settings have it: what another user was given is never used. */
  username: string | undefined;
}

/** Okta's logins are not case-sensitive. */
export function userOf({ username }: Pick<KeptFor, "username">): string {
  return (username ?? "").toLowerCase();
}

export async function openSessionStore(
  files: Files,
  { cacheDirectory, account, org, username }: KeptFor,
): Promise<SessionStore> {
  const user = await hashName([account, org, userOf({ username })]);
  const purpose = JSON.stringify(["okta-aws session", account, org, user]);
  const path = `${cacheDirectory}/sessions/${await hashName([account, org])}.json`;
  const file: JsonFile<SealedSession> = jsonFile(files, path, isSealedSession, { synced: false });
  const own = async () => {
    const document = await file.read();
    return document?.user === user ? document : undefined;
  };
  return {
    async read(key) {
      const document = await own();
      if (document === undefined) return undefined;
      const text = await unseal(key, purpose, document.sealed);
      if (text === undefined) return undefined;
      return { signedInAt: document.signedInAt, cookies: JSON.parse(text) as StoredCookie[] };
    },
    async write(key, { signedInAt, cookies }) {
      const sealed = await seal(key, purpose, JSON.stringify(cookies));
      const time = signedInAt === undefined ? {} : { signedInAt };
      await file.write({ version: 1, ...time, user, sealed });
    },
    expiresAt: async () => (await own())?.expiresAt,
    async noteExpiration(expiresAt) {
      const document = await own();
      if (document?.signedInAt !== undefined) await file.write({ ...document, expiresAt });
    },
    signedInAt: async () => (await own())?.signedInAt,
    isKept: async () => await own() !== undefined,
    remove: () => file.remove(),
  };
}

/** By this cookie Okta recognizes the device (`rememberDevice`). */
const DEVICE_COOKIE = "DT";

/** An account whose session is kept. */
export interface KeptAccount extends Pick<SignInAccount, "secrets"> {
  readonly session: Pick<OktaSession, "client" | "rememberDevice"> & {
    readonly kept: SessionStore;
  };
}

/**
 * Puts the kept session's cookies back into the jar.
 *
 * @returns Whether there are any; they may have expired at Okta.
 */
export async function restoreSession(account: KeptAccount): Promise<boolean> {
  const { jar } = account.session.client;
  if (jar.cookies().length === 0) await restoreCookies(account);
  return jar.cookies().some(({ name }) => name !== DEVICE_COOKIE);
}

/** Puts only the device's cookie into the jar, so that a new sign-in is from a known device. */
export async function restoreDevice(account: KeptAccount): Promise<void> {
  const { jar } = account.session.client;
  if (jar.cookies().length === 0) await restoreCookies(account);
  jar.keepOnly([DEVICE_COOKIE]);
}

/** Removes the session from the jar; the device's cookie stays. */
export function clearSessionCookies({ session: { client } }: KeptAccount): void {
  client.jar.keepOnly([DEVICE_COOKIE]);
}

async function restoreCookies({ session: { client, kept }, secrets }: KeptAccount): Promise<void> {
  // If nothing is kept there is no reason to open the secret store.
  if (!await kept.isKept()) return;
  const sessionKey = await secrets.sessionKey();
  const stored = sessionKey && await kept.read(sessionKey);
  if (stored !== undefined) client.jar.restore(stored.cookies);
}

/** Keeps the jar's session for later commands. */
export async function keepSession(
  { session: { client, kept }, secrets }: KeptAccount,
): Promise<void> {
  const sessionKey = await secrets.sessionKey();
  if (sessionKey === undefined) return;
  await kept.write(sessionKey, { signedInAt: client.clock.now(), cookies: client.jar.cookies() });
}

/**
 * Drops the kept session. The device's cookie stays if the settings want Okta to remember the device.
 *
 * @returns Whether there was a session.
 */
export async function dropSession(account: KeptAccount): Promise<boolean> {
  const { session: { client: { jar }, kept, rememberDevice }, secrets } = account;
  const had = await kept.signedInAt() !== undefined;
  jar.keepOnly(rememberDevice ? [DEVICE_COOKIE] : []);
  const cookies = jar.cookies();
  const sessionKey = cookies.length === 0 ? undefined : await secrets.sessionKey();
  if (sessionKey === undefined) await kept.remove();
  else await kept.write(sessionKey, { signedInAt: undefined, cookies });
  return had;
}
