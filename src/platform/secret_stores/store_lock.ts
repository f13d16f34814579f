/**
 * One writer of secrets at a time: each reads back what it stored, and must not find another's.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Files } from "../../ports.ts";
import { pathIn } from "../files/paths.ts";

/** Long enough for a person to unlock the other writer's keyring. */
const LOCK_MILLISECONDS = 120_000;

/** Where the lock stands. */
export interface StoreLockSettings {
  /** The folder `secrets` beside the settings, absolute. */
  secretsFolder: string;
  /** The file system. */
  files: Pick<Files, "lock">;
}

/**
 * Does something while no other process of this person's stores a secret.
 *
 * @param settings Where the lock stands: `.lock` in the folder, a name that no account can have.
 * @param act What to do.
 * @returns What `act` gives.
 * @throws {SecretStoreError} `timeout` where another process keeps the lock for two minutes.
 */
export async function withStoreLock<T>(
  settings: StoreLockSettings,
  act: () => Promise<T>,
): Promise<T> {
  const path = pathIn(settings.secretsFolder, ".lock");
  const lock = await settings.files.lock(path, { timeoutMilliseconds: LOCK_MILLISECONDS });
  if (lock === undefined) {
    throw new SecretStoreError("another okta-aws keeps the secret store busy", {
      code: "timeout",
      hint: "see whether it waits for an answer (ps), then run the command again",
    });
  }
  try {
    return await act();
  } finally {
    lock.release();
  }
}
