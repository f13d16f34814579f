/**
 * Why the last sign-in of an account failed, for those who waited for it: forty processes that want
 * the same account must not fail forty times, each with its own prompt or its own fifteen seconds.
 *
 * @module
 */

import {
  AssertionError,
  AwsError,
  type ErrorDetails,
  InteractionError,
  NetworkError,
  OktaAwsError,
  SecretStoreError,
  SignInError,
} from "../errors.ts";
import type { Files } from "../ports.ts";
import { hasVersion, isString, type JsonFile, jsonFile } from "./json_file.ts";

/** Kinds of failures that are shared, by the name of their class. */
export type SharedKinds = Readonly<
  Record<string, new (message: string, details: ErrorDetails) => OktaAwsError>
>;

/** The failures that are not the asker's own: whoever signs in to the same account meets the same. */
export const ACCOUNT_FAILURES: SharedKinds = {
  SignInError,
  InteractionError,
  NetworkError,
  SecretStoreError,
};

/** What whoever asks for the same credentials meets. */
export const ROLE_FAILURES: SharedKinds = { ...ACCOUNT_FAILURES, AwsError, AssertionError };

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
  return [id, kind, code, message].every(isString);
}

/** The last failure of one account, or of one set of credentials. */
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
 * A failure record.
 *
 * @param files Reads and writes.
 * @param path Where it stands.
 * @param kinds Which failures are shared.
 * @returns Its reader and writer.
 */
export function openSharedFailure(files: Files, path: string, kinds: SharedKinds): SharedFailure {
  const file: JsonFile<FailureRecord> = jsonFile(files, path, isFailureRecord);
  return {
    id: async () => (await file.read())?.id,
    async read() {
      const record = await file.read();
      if (record === undefined || !Object.hasOwn(kinds, record.kind)) return undefined;
      const { code, hint, kind, message } = record;
      return new kinds[kind]!(message, { code, hint });
    },
    async write(error) {
      if (!(error instanceof OktaAwsError) || !Object.hasOwn(kinds, error.name)) return;
      const { code, hint, message, name } = error;
      const id = crypto.randomUUID();
      await file.write({ version: 1, id, kind: name, code, message, ...(hint && { hint }) });
    },
    clear: async () => void await file.remove(),
  };
}
