/**
 * The `Files` port: files, and locks that the kernel releases however their holder ends.
 *
 * Loaded on every run, even when `cred-process` answers from its cache: imports must be cheap.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { FileFacts, Files, HeldLock, LockOptions } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { followLinks, isTemporaryName, replaceIfSame, writeAtomic } from "./atomic_write.ts";
import { notReadable, notWritable, systemCode } from "./file_errors.ts";
import { folderOf } from "./paths.ts";

/** A waiter tries again after 20 to 50 ms; the jitter keeps waiters from trying at the same time. */
const LEAST_PAUSE = 20;
const MOST_PAUSE = 50;
/**
 * Waiters slow down to this: otherwise two hundred of them would leave no CPU to the process that
 * works.
 */
const LONGEST_PAUSE = 500;
/** Errors of flock(2) on file systems without locks. */
const WITHOUT_LOCKS: ReadonlySet<string | undefined> = new Set([
  "ENOLCK",
  "ENOTSUP",
  "EOPNOTSUPP",
  "ENOSYS",
  "EINVAL",
]);

function openLockFile(path: string): Deno.FsFile {
  try {
    Deno.mkdirSync(folderOf(path), { recursive: true, mode: 0o700 });
    return Deno.openSync(path, { read: true, write: true, create: true, mode: 0o600 });
  } catch (error) {
    throw notWritable(path, error);
  }
}

function lockFailure(path: string, error: unknown): SettingsError {
  if (!WITHOUT_LOCKS.has(systemCode(error))) return notWritable(path, error);
  return new SettingsError(`the file system of ${showUntrusted(path)} has no file locks`, {
    code: "no_file_locks",
    hint: "set OKTA_AWS_CACHE_DIR to a folder on a local disk",
    cause: error,
  });
}

/** Whether the path still leads to the open file, which a cleanup may have removed meanwhile. */
function isStillThere(file: Deno.FsFile, path: string): boolean {
  if (Deno.build.os === "windows") return true;
  try {
    const there = Deno.statSync(path);
    const held = file.statSync();
    return there.ino === held.ino && there.dev === held.dev;
  } catch {
    return false;
  }
}

async function tryOnce(path: string): Promise<HeldLock | undefined> {
  const file = openLockFile(path);
  let held = false;
  try {
    held = await file.tryLock(true) && isStillThere(file, path);
  } catch (error) {
    throw lockFailure(path, error);
  } finally {
    if (!held) file.close();
  }
  if (!held) return undefined;
  let open = true;
  return {
    release: () => {
      // Closing releases the lock.
      if (open) file.close();
      open = false;
    },
  };
}

function pauseAfter(waited: number): number {
  const most = Math.min(Math.max(MOST_PAUSE, waited / 5), LONGEST_PAUSE);
  return LEAST_PAUSE + Math.random() * (most - LEAST_PAUSE);
}

/** Polls, as a pending `FsFile.lock()` can't be cancelled. */
async function takeLock(path: string, options: LockOptions): Promise<HeldLock | undefined> {
  const began = performance.now();
  const deadline = began + options.timeoutMilliseconds;
  for (let waiting = false;; waiting = true) {
    const lock = await tryOnce(path);
    if (lock !== undefined) return lock;
    if (!waiting) options.onWait?.();
    const left = deadline - performance.now();
    if (left <= 0) return undefined;
    const pause = pauseAfter(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, Math.min(pause, left)));
  }
}

/** Returns `missing` if there is no such file. */
function unlessMissing<T, M>(path: string, missing: M, act: () => T): T | M {
  try {
    return act();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return missing;
    throw notReadable(path, error);
  }
}

function removeFolder(path: string): boolean {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw notWritable(path, error);
  }
  return true;
}

/** Without those of others on Windows: Deno makes them up there, from the read-only attribute. */
export function permissionBits(
  mode: number | null,
  os: typeof Deno.build.os = Deno.build.os,
): number | undefined {
  return mode === null ? undefined : mode & (os === "windows" ? 0o700 : 0o7777);
}

function restrictToOwner(path: string): boolean {
  const mode = permissionBits(Deno.statSync(path).mode) ?? 0;
  // One that may not be written stays as it is.
  if ((mode & 0o077) === 0 || (mode & 0o200) === 0) return false;
  try {
    Deno.chmodSync(path, mode & 0o700);
  } catch (error) {
    throw notWritable(path, error);
  }
  return true;
}

function factsOf(path: string): FileFacts {
  const { mode, mtime, size, uid } = Deno.statSync(path);
  return {
    owned: uid === null || uid === 0 || uid === Deno.uid(),
    mode: permissionBits(mode),
    modified: mtime?.getTime() ?? 0,
    size,
  };
}

const PRIVATE = 0o077;
const STICKY = 0o1000;
const WRITABLE = 0o022;
/** Its group may write if it has the user's number, as Debian and Fedora create one for each user. */
const WRITABLE_BY_OTHERS = 0o002;

/** The bits that no folder above a private one may have. */
function forbiddenAbove({ uid, gid, mode }: Deno.FileInfo): number {
  // In a sticky folder (/tmp), nobody can replace another user's files.
  if ((mode! & STICKY) !== 0) return 0;
  return uid === gid ? WRITABLE_BY_OTHERS : WRITABLE;
}

function isPrivateFolder(path: string): boolean {
  if (Deno.build.os === "windows") return true;
  for (let here = path, below = ""; here !== below; below = here, here = folderOf(here)) {
    const info = Deno.statSync(here);
    if (info.uid !== Deno.uid() && info.uid !== 0) return false;
    const forbidden = here === path ? PRIVATE : forbiddenAbove(info);
    if ((info.mode! & forbidden) !== 0) return false;
  }
  return true;
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

/** Runs `act` at once; an exception becomes a rejection. */
function promised<T>(act: () => T): Promise<T> {
  return new Promise((resolve) => resolve(act()));
}

/**
 * `list` leaves out our temporary files, which belong to writers at work or killed ones.
 *
 * Error codes: `file_not_readable`, `file_not_writable`, `disk_full`, `no_file_locks`.
 */
export function systemFiles(): Files {
  return {
    read: (path) => promised(() => unlessMissing(path, undefined, () => Deno.readFileSync(path))),
    restrictToOwner: (path) =>
      promised(() => unlessMissing(path, false, () => restrictToOwner(path))),
    removeFolder: (path) => promised(() => unlessMissing(path, false, () => removeFolder(path))),
    facts: (path) => promised(() => unlessMissing(path, undefined, () => factsOf(path))),
    list: (directory) => promised(() => unlessMissing(directory, [], () => namesIn(directory))),
    writeAtomic,
    replaceIfSame,
    realPath: (path) => promised(() => unlessMissing(path, path, () => followLinks(path))),
    isPrivateFolder: (path) => promised(() => isPrivateFolder(path)),
    findUnsafe: async (path) => (await import("./ownership.ts")).findUnsafe(path),
    makePrivate: async (folder) => (await import("./ownership.ts")).makePrivate(folder),
    remove: (path) => promised(() => removeFile(path)),
    lock: takeLock,
  };
}
