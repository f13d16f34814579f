/**
 * The machine's files.
 *
 * Loaded on every run, a cache hit of `cred-process` included: no imports that cost anything.
 *
 * @module
 */

import type { FileFacts, Files } from "../../ports.ts";
import { isTemporaryName, writeAtomic } from "./atomic_write.ts";
import { notReadable, notWritable } from "./file_errors.ts";
import { takeLock } from "./file_lock.ts";

/** What `act` gives, or `missing` where there is no such file. */
function unlessMissing<T, M>(path: string, missing: M, act: () => T): T | M {
  try {
    return act();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return missing;
    throw notReadable(path, error);
  }
}

function factsOf(path: string): FileFacts {
  const { mode, mtime, size } = Deno.statSync(path);
  return {
    mode: mode === null ? undefined : mode & 0o7777,
    modified: mtime?.getTime() ?? 0,
    size,
  };
}

function namesIn(directory: string): string[] {
  const names = Array.from(Deno.readDirSync(directory), (entry) => entry.name);
  return names.filter((name) => !isTemporaryName(name)).sort();
}

function removeFile(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw notWritable(path, error);
  }
}

/** Runs at once what the port wants as a promise; what it throws becomes the rejection. */
function promised<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act()));
}

/**
 * The file system. `list` leaves out temporary files of ours, which a writer at work (or a killed
 * one) has beside the real ones.
 *
 * @returns The port. Its methods reject with a `SettingsError`: `file_not_readable`,
 * `file_not_writable`, `disk_full`, `no_file_locks`.
 */
export function systemFiles(): Files {
  return {
    read: (path) => promised(() => unlessMissing(path, undefined, () => Deno.readFileSync(path))),
    facts: (path) => promised(() => unlessMissing(path, undefined, () => factsOf(path))),
    list: (directory) => promised(() => unlessMissing(directory, [], () => namesIn(directory))),
    writeAtomic,
    remove: (path) => promised(() => removeFile(path)),
    lock: takeLock,
  };
}
