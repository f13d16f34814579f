/**
 * Locks that let one process work and the others wait for what comes of it. Whoever needs a sign-in
 * takes its account's lock, looks again, and only then works: however many processes ask at once, one
 * signs in. A lock for each set of credentials does the same for STS, so that different roles don't
 * wait for one another.
 *
 * @module
 */

import { InteractionError, type OktaAwsError } from "../errors.ts";
import type { Files } from "../ports.ts";
import { hashName } from "./json_file.ts";
import {
  ACCOUNT_FAILURES,
  openSharedFailure,
  ROLE_FAILURES,
  type SharedFailure,
} from "./shared_failure.ts";

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
 * @param canAsk Whether this process could answer what nobody could where the other one runs.
 * @returns What `work` gives.
 * @throws {InteractionError} `busy` after five minutes.
 */
export async function withAccountLock<T>(
  files: Files,
  cacheDirectory: string,
  account: string,
  onWait: () => void,
  work: () => Promise<T>,
  canAsk?: () => Promise<boolean>,
): Promise<T> {
  const path = `${cacheDirectory}/locks/${await hashName([account])}`;
  const failure = openSharedFailure(files, `${path}.failure.json`, ACCOUNT_FAILURES);
  return await withLock(files, `${path}.lock`, account, failure, { onWait, canAsk }, work);
}

/**
 * Runs something while holding the lock of one set of credentials. Whoever holds it may take the
 * account's lock, never the other way round.
 *
 * @param files Takes the lock.
 * @param cacheDirectory The cache folder.
 * @param account The Okta account's name.
 * @param document The file of the cache that the credentials stand in.
 * @param onWait Told once when another process holds it.
 * @param work What to do. It should look first whether the other process has done it already.
 * @param canAsk Whether this process could answer what nobody could where the other one runs.
 * @returns What `work` gives.
 * @throws {InteractionError} `busy` after five minutes.
 */
export async function withRoleLock<T>(
  files: Files,
  cacheDirectory: string,
  account: string,
  document: string,
  onWait: () => void,
  work: () => Promise<T>,
  canAsk?: () => Promise<boolean>,
): Promise<T> {
  const path = `${cacheDirectory}/locks/${await hashName([account, document])}`;
  const failure = openSharedFailure(files, `${path}.failure.json`, ROLE_FAILURES);
  return await withLock(files, `${path}.lock`, account, failure, { onWait, canAsk }, work);
}

async function withLock<T>(
  files: Files,
  path: string,
  account: string,
  failure: SharedFailure,
  { onWait, canAsk }: { onWait: () => void; canAsk: (() => Promise<boolean>) | undefined },
  work: () => Promise<T>,
): Promise<T> {
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
    if (others !== undefined && !(wasNotAsked(others) && await canAsk?.())) throw others;
    return await workAndRecord(failure, work);
  } finally {
    lock.release();
  }
}

/** An SDK's `cred-process` found nobody to ask: that says nothing about us at a terminal. */
function wasNotAsked(error: OktaAwsError): boolean {
  return error.code === "no_terminal" || error.code === "no_input";
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
