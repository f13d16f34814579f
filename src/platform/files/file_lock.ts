/**
 * Locks between processes, which the kernel gives back however their holder ends.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { HeldLock, LockOptions } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { notWritable, systemCode } from "./file_errors.ts";
import { folderOf } from "./paths.ts";

/** A waiter looks again after 20 to 50 ms; the spread keeps waiters from moving in step. */
const LEAST_PAUSE = 20;
const MOST_PAUSE = 50;
/**
 * Who has waited for long looks less often, a tenth of the time later each: two hundred waiters would
 * otherwise leave no processor to the one that works.
 */
const LONGEST_PAUSE = 500;
/** What flock(2) says on file systems that know no locks. */
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

/** Whether the path still leads to the open file: who cleans up may have removed it meanwhile. */
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
      // Closing is what gives the lock back.
      if (open) file.close();
      open = false;
    },
  };
}

function pauseAfter(waited: number): number {
  const most = Math.min(Math.max(MOST_PAUSE, waited / 5), LONGEST_PAUSE);
  return LEAST_PAUSE + Math.random() * (most - LEAST_PAUSE);
}

/**
 * Takes an exclusive lock, as `Files.lock` in `ports.ts` documents it. It is asked for again and
 * again: a pending `FsFile.lock()` can't be given up.
 *
 * @param path A file that is only a lock.
 * @param options How long to wait, and whom to tell.
 * @returns The lock, or `undefined` when the time ran out.
 * @throws {SettingsError} `no_file_locks` where the file system has none, `file_not_writable`.
 */
export async function takeLock(path: string, options: LockOptions): Promise<HeldLock | undefined> {
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
