/**
 * Why the last sign-in of an account failed, for the processes that waited for it: forty processes
 * must not fail forty times, each with its own prompt or its own fifteen seconds.
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

/** The error classes that are shared, by name. */
export type SharedKinds = Readonly<
  Record<string, new (message: string, details: ErrorDetails) => OktaAwsError>
>;

/** Failures that anyone who signs in to the same account would get. */
export const ACCOUNT_FAILURES: SharedKinds = {
  SignInError,
  InteractionError,
  NetworkError,
  SecretStoreError,
};

/** Failures that anyone who asks for the same credentials would get. */
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
  /** A new id for each recorded failure. */
  id(): Promise<string | undefined>;
  read(): Promise<OktaAwsError | undefined>;
  /** Records a failure that others would get. Its message contains no secret. */
  write(error: unknown): Promise<void>;
  /** After a success. */
  clear(): Promise<void>;
}

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
