/**
 * One lock per Okta account: whoever needs a sign-in takes it, reads the cache again, and only then
 * works. However many processes ask at once, one signs in.
 *
 * @module
 */

import { InteractionError } from "../errors.ts";
import type { Files } from "../ports.ts";
import { hashName } from "./json_file.ts";

/** How long a process waits for another one's sign-in. */
const WAIT_MILLISECONDS = 5 * 60 * 1000;

/**
 * Runs something while holding an account's lock.
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
  const lock = await files.lock(path, { timeoutMilliseconds: WAIT_MILLISECONDS, onWait });
  if (lock === undefined) {
    throw new InteractionError(`another okta-aws has been signing in as ${account} for 5 minutes`, {
      code: "busy",
      hint: "finish or stop it, then try again",
    });
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
