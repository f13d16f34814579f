/**
 * Failures that other processes meet as well: forty processes that want the same account must not fail
 * forty times, each with its own prompt or its own fifteen seconds.
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

/** Anyone who signs in to the same account meets these too. */
export const ACCOUNT_FAILURES: SharedKinds = {
  SignInError,
  InteractionError,
  NetworkError,
  SecretStoreError,
};

/** Anyone who asks for the same credentials meets these too. */
export const ROLE_FAILURES: SharedKinds = { ...ACCOUNT_FAILURES, AwsError, AssertionError };

/** An error as files keep it; it holds no secret. */
export interface StoredFailure {
  /** The name of its class. */
  kind: string;
  code: string;
  message: string;
  hint?: string;
}

/** The stored form, or `undefined` if the error is not of these kinds. */
export function toStoredFailure(error: unknown, kinds: SharedKinds): StoredFailure | undefined {
  if (!(error instanceof OktaAwsError) || !Object.hasOwn(kinds, error.name)) return undefined;
  const { code, hint, message, name } = error;
  return { kind: name, code, message, ...(hint && { hint }) };
}

/** The error, or `undefined` if it is not of these kinds. */
export function fromStoredFailure(
  { kind, code, message, hint }: StoredFailure,
  kinds: SharedKinds,
): OktaAwsError | undefined {
  return Object.hasOwn(kinds, kind) ? new kinds[kind]!(message, { code, hint }) : undefined;
}

export function isStoredFailure(value: unknown): value is StoredFailure {
  const { kind, code, message } = (value ?? {}) as Partial<StoredFailure>;
  return [kind, code, message].every(isString);
}

interface FailureRecord extends StoredFailure {
  version: 1;
  id: string;
}

function isFailureRecord(value: unknown): value is FailureRecord {
  return hasVersion(value, 1) && isStoredFailure(value) && isString((value as FailureRecord).id);
}

/** The last failure of one account, or of one set of credentials. */
export interface SharedFailure {
  /** Random, new with each failure that is recorded. */
  id(): Promise<string | undefined>;
  read(): Promise<OktaAwsError | undefined>;
  /** Records a failure if it is one that others would meet. */
  write(error: unknown): Promise<void>;
  /** Forgets it, because somebody has succeeded. */
  clear(): Promise<void>;
}

export function openSharedFailure(files: Files, path: string, kinds: SharedKinds): SharedFailure {
  const file: JsonFile<FailureRecord> = jsonFile(files, path, isFailureRecord, { synced: false });
  return {
    id: async () => (await file.read())?.id,
    async read() {
      const record = await file.read();
      return record && fromStoredFailure(record, kinds);
    },
    async write(error) {
      const failure = toStoredFailure(error, kinds);
      if (failure === undefined) return;
      await file.write({ version: 1, id: crypto.randomUUID(), ...failure });
    },
    clear: async () => void await file.remove(),
  };
}
