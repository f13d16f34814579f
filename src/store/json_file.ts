/**
 * The cache's own files: one JSON document each, 0600, named by a hash so that no name of an account
 * or role can be read off the folder.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Files } from "../ports.ts";

/** How long to wait for another process that changes the same document: it takes milliseconds. */
const LOCK_MILLISECONDS = 30_000;

/** One document of the cache. */
export interface JsonFile<T> {
  /** Absolute path. */
  readonly path: string;
  /** Gives the document; `undefined` where there is none or where it is damaged. */
  read(): Promise<T | undefined>;
  /** Replaces the document in one step. */
  write(document: T): Promise<void>;
  /** Removes the document. @returns Whether there was one. */
  remove(): Promise<boolean>;
}

/**
 * A short name for a list of texts, the same for the same list.
 *
 * @param parts The texts.
 * @returns 32 hexadecimal digits of their SHA-256.
 */
export async function hashName(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(parts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex().slice(0, 32);
}

/**
 * A document of the cache.
 *
 * @param files Reads and writes.
 * @param path Where it is.
 * @param isValid Tells a document of ours from a damaged or older one, which counts as missing: the
 * cache holds nothing that can't be had again.
 * @returns Its reader and writer.
 */
export function jsonFile<T>(
  files: Files,
  path: string,
  isValid: (document: unknown) => document is T,
): JsonFile<T> {
  return {
    path,
    async read() {
      const bytes = await files.read(path);
      if (bytes === undefined) return undefined;
      try {
        const document: unknown = JSON.parse(new TextDecoder().decode(bytes));
        return isValid(document) ? document : undefined;
      } catch {
        return undefined;
      }
    },
    write: (document) =>
      files.writeAtomic(path, new TextEncoder().encode(JSON.stringify(document)), 0o600),
    remove: () => files.remove(path),
  };
}

/**
 * Runs something while no other process changes a document.
 *
 * @param files Takes the lock.
 * @param path The document.
 * @param work Reads the document and replaces it.
 * @returns What `work` gives.
 * @throws {SettingsError} `file_locked`
 */
export async function withDocumentLock<T>(
  files: Files,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await files.lock(`${path}.lock`, { timeoutMilliseconds: LOCK_MILLISECONDS });
  if (lock === undefined) {
    throw new SettingsError("another okta-aws has been changing the cache for long", {
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

/**
 * Whether a value is a plain object all of whose members pass a test.
 *
 * @param value What was read.
 * @param isMember The test.
 * @returns Whether it is.
 */
export function isRecordOf<T>(
  value: unknown,
  isMember: (member: unknown) => member is T,
): value is Record<string, T> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every(isMember);
}

/**
 * Whether a value is a string.
 *
 * @param value What was read.
 * @returns Whether it is.
 */
export function isString(value: unknown): value is string {
  return typeof value === "string";
}

/**
 * Whether a value is an object with the version this program writes.
 *
 * @param document What was read.
 * @param version The version.
 * @returns Whether it is.
 */
export function hasVersion(document: unknown, version: number): boolean {
  return typeof document === "object" && document !== null &&
    (document as { version?: unknown }).version === version;
}
