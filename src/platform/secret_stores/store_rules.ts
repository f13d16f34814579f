/** What every secret store keeps to: item names, one writer at a time, how failures are reported. @module */

import { SecretStoreError, SettingsError } from "../../errors.ts";
import type { Files } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { pathIn } from "../files/paths.ts";

/** The service name of all items. */
export const SERVICE = "okta-aws";

/** Ends the hint of a store that can't be used. */
export const OTHER_BACKEND = "or choose another backend (--backend file)";

const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** Long enough to unlock the other writer's keyring. */
const LOCK_MILLISECONDS = 120_000;

/**
 * Returns the account name, unless a backend could take it for an option, a path or a second command.
 *
 * @throws {SettingsError} `bad_account_name`
 */
export function checkAccountName(account: string): string {
  if (ACCOUNT_NAME.test(account)) return account;
  throw new SettingsError(`"${showUntrusted(account)}" is not a valid Okta account name`, {
    code: "bad_account_name",
    hint: "use letters, digits, '.', '_' and '-', at most 63, starting with a letter or digit",
  });
}

/** Where the lock between writers is. */
export interface StoreLockSettings {
  /** The folder `secrets` beside the settings, absolute. The lock is its `.lock`, never an account. */
  secretsFolder: string;
  files: Pick<Files, "lock">;
}

/**
 * Runs `work` while no other process stores a secret: each writer reads back what it stored and must
 * not find another's.
 *
 * @throws {SecretStoreError} `timeout` when another process holds the lock for two minutes.
 */
export async function withStoreLock<T>(
  { secretsFolder, files }: StoreLockSettings,
  work: () => Promise<T>,
): Promise<T> {
  const path = pathIn(secretsFolder, ".lock");
  const lock = await files.lock(path, { timeoutMilliseconds: LOCK_MILLISECONDS });
  if (lock === undefined) {
    throw new SecretStoreError("another okta-aws is using the secret store", {
      code: "timeout",
      hint: "check whether it waits for an answer (ps), then try again",
    });
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** What one failure of a store's program means. */
export interface FailureMeaning {
  code: string;
  message: string;
  hint: string;
}

/** The meaning as the error to throw. */
export function errorOf({ message, code, hint }: FailureMeaning): SecretStoreError {
  return new SecretStoreError(message, { code, hint });
}

/** Runs a probe, and returns the store error that it returned or threw. */
export async function catchStoreError(
  probe: () => Promise<SecretStoreError | undefined>,
): Promise<SecretStoreError | undefined> {
  try {
    return await probe();
  } catch (error) {
    if (error instanceof SecretStoreError) return error;
    throw error;
  }
}

/** The error for a file that can't be read back; `recovery` says what to do without a backup. */
export function damagedFile(path: string, recovery: string): SecretStoreError {
  return new SecretStoreError(`${showUntrusted(path)} is damaged`, {
    code: "damaged",
    hint: `restore it from a backup, or ${recovery}`,
  });
}
