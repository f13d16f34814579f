/** Locks that the kernel releases however their holder ends. @module */

import { SettingsError } from "../../errors.ts";
import type { HeldLock, LockOptions } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { notWritable, systemCode } from "./file_errors.ts";
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
export async function takeLock(
  path: string,
  options: LockOptions,
): Promise<HeldLock | undefined> {
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
