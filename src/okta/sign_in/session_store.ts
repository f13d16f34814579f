/**
 * Okta sessions between runs: the org's cookies, sealed with the account's key.
 *
 * @module
 */

import type { StoredCookie } from "../client/cookie_jar.ts";
import type { Files } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { hashName, hasVersion, type JsonFile, jsonFile } from "../../store/json_file.ts";
import { seal, unseal } from "../../store/seal.ts";

interface SealedSession {
  version: 1;
  /** Milliseconds since the Unix epoch; not secret, for `status`. Not there after a sign-out. */
  signedInAt?: number;
  sealed: string;
}

/** A session as it was kept. */
export interface StoredSession {
  /**
   * When the person signed in, milliseconds since the Unix epoch; `undefined` where the session is
   * over and only the device's cookie is kept.
   */
  signedInAt: number | undefined;
  /** The org's cookies. */
  cookies: StoredCookie[];
}

/** The session of one account. */
export interface SessionStore {
  /** Gives the session, or `undefined` where there is none that opens with this key. */
  read(key: Secret): Promise<StoredSession | undefined>;
  /** Keeps a session. */
  write(key: Secret, session: StoredSession): Promise<void>;
  /** Gives when the person signed in, or `undefined`: no key is needed for that. */
  signedInAt(): Promise<number | undefined>;
  /** Whether any cookies are kept; no key is needed for that either. */
  isKept(): Promise<boolean>;
  /** Forgets the session. @returns Whether there was one. */
  remove(): Promise<boolean>;
}

function isSealedSession(document: unknown): document is SealedSession {
  if (!hasVersion(document, 1)) return false;
  const { sealed, signedInAt } = document as SealedSession;
  return typeof sealed === "string" && (signedInAt === undefined || Number.isFinite(signedInAt));
}

/**
 * The session store of one account.
 *
 * @param files Reads and writes.
 * @param cacheDirectory The cache folder.
 * @param account The Okta account's name.
 * @param org The org's origin: a session of another org is never sent to this one.
 * @returns The store.
 */
export async function openSessionStore(
  files: Files,
  cacheDirectory: string,
  account: string,
  org: string,
): Promise<SessionStore> {
  const purpose = JSON.stringify(["okta-aws session", account, org]);
  const path = `${cacheDirectory}/sessions/${await hashName([account, org])}.json`;
  const file: JsonFile<SealedSession> = jsonFile(files, path, isSealedSession);
  return {
    async read(key) {
      const document = await file.read();
      if (document === undefined) return undefined;
      const text = await unseal(key, purpose, document.sealed);
      if (text === undefined) return undefined;
      return { signedInAt: document.signedInAt, cookies: JSON.parse(text) as StoredCookie[] };
    },
    async write(key, { signedInAt, cookies }) {
      const sealed = await seal(key, purpose, JSON.stringify(cookies));
      const time = signedInAt === undefined ? {} : { signedInAt };
      await file.write({ version: 1, ...time, sealed });
    },
    signedInAt: async () => (await file.read())?.signedInAt,
    isKept: async () => await file.read() !== undefined,
    remove: () => file.remove(),
  };
}
