/**
 * Why the last sign-in of an account failed, for those who waited for it: forty processes that want
 * the same account must not fail forty times, each with its own prompt or its own fifteen seconds.
 *
 * @module
 */

import {
  type ErrorDetails,
  InteractionError,
  NetworkError,
  OktaAwsError,
  SecretStoreError,
  SignInError,
} from "../errors.ts";
import type { Files } from "../ports.ts";
import { hashName, hasVersion, isString, type JsonFile, jsonFile } from "./json_file.ts";

/** The failures that are not the asker's own: whoever else asks now would meet the same. */
const SHARED: Record<string, new (message: string, details: ErrorDetails) => OktaAwsError> = {
  SignInError,
  InteractionError,
  NetworkError,
  SecretStoreError,
};

interface FailureRecord {
  version: 1;
  id: string;
  kind: string;
  code: string;
  message: string;
  hint?: string;
}

function isFailureRecord(value: unknown): value is FailureRecord {
  if (!hasVersion(value, 1)) return false;
  const { id, kind, code, message } = value as FailureRecord;
  return [id, kind, code, message].every(isString) && Object.hasOwn(SHARED, kind);
}

/** The failure of one account. */
export interface SharedFailure {
  /** Tells which failure is recorded; another word for each. */
  id(): Promise<string | undefined>;
  /** Gives the recorded failure. */
  read(): Promise<OktaAwsError | undefined>;
  /** Records a failure, where it is one that others would meet. Its message holds no secret. */
  write(error: unknown): Promise<void>;
  /** Forgets it: somebody has succeeded. */
  clear(): Promise<void>;
}

/**
 * The failure record of an account.
 *
 * @param files Reads and writes.
 * @param cacheDirectory The cache folder.
 * @param account The Okta account's name.
 * @returns Its reader and writer.
 */
export async function openSharedFailure(
  files: Files,
  cacheDirectory: string,
  account: string,
): Promise<SharedFailure> {
  const path = `${cacheDirectory}/locks/${await hashName([account])}.failure.json`;
  const file: JsonFile<FailureRecord> = jsonFile(files, path, isFailureRecord);
  return {
    id: async () => (await file.read())?.id,
    async read() {
      const record = await file.read();
      if (record === undefined) return undefined;
      const { code, hint, kind, message } = record;
      return new SHARED[kind]!(message, { code, hint });
    },
    async write(error) {
      if (!(error instanceof OktaAwsError) || !Object.hasOwn(SHARED, error.name)) return;
      const { code, hint, message, name } = error;
      const id = crypto.randomUUID();
      await file.write({ version: 1, id, kind: name, code, message, ...(hint && { hint }) });
    },
    clear: async () => void await file.remove(),
  };
}
