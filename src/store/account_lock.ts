/**
 * One lock per Okta account: whoever needs a sign-in takes it, reads the cache again, and only then
 * works. However many processes ask at once, one signs in.
 *
 * @module
 */

import { InteractionError } from "../errors.ts";
import type { Files } from "../ports.ts";
import { hashName } from "./json_file.ts";
import { openSharedFailure, type SharedFailure } from "./shared_failure.ts";

/** How long a process waits for another one's sign-in. */
const WAIT_MILLISECONDS = 5 * 60 * 1000;

/**
 * Runs something while holding an account's lock. Whoever had to wait for another one's sign-in that
 * failed gets that failure instead of trying again.
 *
 * @param files Takes the lock.
 * @param cacheDirectory The cache folder.
 * @param account The Okta account's name.
 * @param onWait Told once when another process holds it.
 * @param work What to do. It should look first whether the other process has done it already.
 * @returns What `work` gives.
 * @throws {InteractionError} `busy` after five minutes.
 */
export async function withAccountLock<T>(
  files: Files,
  cacheDirectory: string,
  account: string,
  onWait: () => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = `${cacheDirectory}/locks/${await hashName([account])}.lock`;
  const failure = await openSharedFailure(files, cacheDirectory, account);
  const before = await failure.id();
  let waited = false;
  const lock = await files.lock(path, {
    timeoutMilliseconds: WAIT_MILLISECONDS,
    onWait() {
      waited = true;
      onWait();
    },
  });
  if (lock === undefined) throw busy(account);
  try {
    const others = waited && await failure.id() !== before ? await failure.read() : undefined;
    if (others !== undefined) throw others;
    return await workAndRecord(failure, work);
  } finally {
    lock.release();
  }
}

async function workAndRecord<T>(failure: SharedFailure, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await failure.clear();
    return result;
  } catch (error) {
    await failure.write(error);
    throw error;
  }
}

function busy(account: string): InteractionError {
  return new InteractionError(`another okta-aws has been signing in as ${account} for 5 minutes`, {
    code: "busy",
    hint: "finish or stop it, then try again",
  });
}
