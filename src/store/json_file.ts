/**
 * The files of the cache: one JSON document each, 0600, named by a hash so that the folder reveals no
 * account or role.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Files } from "../ports.ts";

/** How long to wait for another process that changes the same document, which takes milliseconds. */
const LOCK_MILLISECONDS = 30_000;

export interface JsonFile<T> {
  /** Absolute path. */
  readonly path: string;
  /** Returns `undefined` if there is no document, or if it is damaged or another user's. */
  read(): Promise<T | undefined>;
  /** Replaces it in one step. @param synced As of `Files.writeAtomic`; default: the file's. */
  write(document: T, synced?: boolean): Promise<void>;
  /** Returns whether there was a document. */
  remove(): Promise<boolean>;
}

/** 32 hexadecimal digits of the texts' SHA-256. */
export async function hashName(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
}

/**
 * `isValid` tells our documents from damaged or older ones, which count as missing: the cache holds
 * nothing that can't be fetched again.
 *
 * @param options `synced`: as of `Files.writeAtomic`.
 */
export function jsonFile<T>(
  files: Files,
  path: string,
  isValid: (document: unknown) => document is T,
  { synced: isSynced = true }: { synced?: boolean } = {},
): JsonFile<T> {
  return {
    path,
    async read() {
      const bytes = await files.read(path);
      // Another user may have put it there while the folder was open to others.
      if (bytes === undefined || (await files.facts(path))?.owned !== true) return undefined;
      try {
        const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
        return isValid(document) ? document : undefined;
      } catch {
        return undefined;
      }
    },
    write: (document, synced = isSynced) =>
      files.writeAtomic(path, new TextEncoder().encode(JSON.stringify(document)), 0o600, synced),
    remove: () => files.remove(path),
  };
}

/**
 * Runs `work` while no other process changes the document.
 *
 * @throws {SettingsError} `file_locked`
 */
export async function withDocumentLock<T>(
  files: Files,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await files.lock(`${path}.lock`, { timeoutMilliseconds: LOCK_MILLISECONDS });
  if (lock === undefined) {
    throw new SettingsError("another okta-aws is still changing the cache", {
      code: "file_locked",
      hint: "finish or stop it, then try again",
    });
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Whether a value is a plain object all of whose members pass the test. */
export function isRecordOf<T>(
  value: unknown,
  isMember: (member: unknown) => member is T,
): value is Record<string, T> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every(isMember);
}

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/** Whether a value is an object with this `version`. */
export function hasVersion(document: unknown, version: number): boolean {
  return typeof document === "object" && document !== null &&
    (document as { version?: unknown }).version === version;
}
