/**
 * Locks that let one process work and the others wait for its result. A process that needs a sign-in
 * takes the account's lock, checks again, and only then signs in: however many processes ask at once, one
 * signs in. Each set of credentials has another lock for STS, so that roles don't wait for one another.
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
  type SharedKinds,
} from "./shared_failure.ts";

/** How long a process waits for another one's sign-in. */
const WAIT_MILLISECONDS = 5 * 60 * 1000;

/** A person at an org; several accounts of the settings may be the same one. */
export interface OktaUser {
  /** The org's origin. */
  org: string;
  username: string;
}

export interface AccountLock {
  files: Files;
  cacheDirectory: string;
  /** The name of the Okta account or SSO session. */
  account: string;
  /** Whom it signs in at Okta: accounts of one user take turns. */
  user?: OktaUser | undefined;
  /** Called once if another process holds the lock. */
  onWait: () => void;
  /** Whether we could ask the user if the other process could not (default: no). */
  canAsk?: () => Promise<boolean>;
}

/** A lock of one set of credentials. Its holder may take the account's lock, never the other way. */
export interface RoleLock extends AccountLock {
  /** The path of the cached credentials. */
  document: string;
}

/**
 * Runs `work` while holding an account's lock. If we waited for a sign-in that failed, throws that
 * failure instead of trying again. `work` should check first whether the other process has done it.
 *
 * @throws {InteractionError} `busy` after five minutes.
 */
export async function withAccountLock<T>(lock: AccountLock, work: () => Promise<T>): Promise<T> {
  const { account, user } = lock;
  const name = await hashName([account]);
  // Failures stay the account's own: another app of the same user may well open.
  const turn = user && await hashName(["user", user.org, user.username.toLowerCase()]);
  return await withLock(lock, { name, turn, kinds: ACCOUNT_FAILURES }, work);
}

/**
 * As {@linkcode withAccountLock}, for one set of credentials.
 *
 * @throws {InteractionError} `busy` after five minutes.
 */
export async function withRoleLock<T>(lock: RoleLock, work: () => Promise<T>): Promise<T> {
  const name = await hashName([lock.account, lock.document]);
  return await withLock(lock, { name, kinds: ROLE_FAILURES }, work);
}

async function withLock<T>(
  { files, cacheDirectory, account, onWait, canAsk }: AccountLock,
  { name, turn = name, kinds }: { name: string; turn?: string | undefined; kinds: SharedKinds },
  work: () => Promise<T>,
): Promise<T> {
  const folder = `${cacheDirectory}/locks`;
  const failure = openSharedFailure(files, `${folder}/${name}.failure.json`, kinds);
  const before = await failure.id();
  let waited = false;
  const lock = await files.lock(`${folder}/${turn}.lock`, {
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

/** That an SDK's `cred-process` could not ask says nothing about us in a terminal. */
function wasNotAsked(error: OktaAwsError): boolean {
  return ["no_terminal", "no_input", "password_sent_before"].includes(error.code);
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
  return new InteractionError(`another okta-aws has been signing in to ${account} for 5 minutes`, {
    code: "busy",
    hint: "finish or stop it, then try again",
  });
}
