/**
 * What one run leaves for the next about an Okta account, none of it secret: which password Okta
 * refused, which one-time code was used last, what the secret store holds.
 *
 * @module
 */

import type { BackendName, Files } from "../../ports.ts";
import {
  hashName,
  hasVersion,
  isRecordOf,
  isString,
  type JsonFile,
  jsonFile,
  withDocumentLock,
} from "../../store/json_file.ts";
import {
  isRejectedFingerprint,
  type RejectedFingerprint,
} from "./rejected_password_fingerprint.ts";

/** A sign-in that failed. */
export interface FailedSignIn {
  /** When, milliseconds since the Unix epoch. */
  at: number;
  /** Whether nobody answered; else Okta refused. */
  unanswered: boolean;
  /** The error's code. */
  code: string;
  /** The error's message, safe to show. */
  message: string;
  /** The error's hint. */
  hint?: string;
  /** The app's URL, where only this app was refused. */
  app?: string;
}

/** What is known of an account's secrets without opening their store. */
export interface StoredSecrets {
  /** Where they are. */
  backend: BackendName;
  /** Whether the password is there. */
  password: boolean;
  /** Whether the TOTP secret is there, or something that gives codes. */
  totp: boolean;
  /** What would have come first, and why it did not work, where nobody had named a store. */
  passedOver?: { name: string; why: string }[];
}

/** The state of an account. */
export interface AccountState {
  /** The document's version. */
  version: 1;
  /** The account's name. */
  account: string;
  /** What is stored, and where; `status` shows it without opening the store. */
  stored?: StoredSecrets;
  /** The id of the secret item whose password Okta refused: it is not sent again. */
  refusedItem?: string;
  /** The refused password itself, as far as it is known again, where no item keeps it. */
  rejectedFingerprint?: RejectedFingerprint;
  /** The last one-time code that was sent: of which item, and which time step. */
  usedCode?: { item: string; counter: number };
  /** How many prompts in a row nobody answered, and when the last one ended. */
  unanswered?: { count: number; at: number };
  /** How the last sign-in failed: whoever waited for it gives up with the same error. */
  failed?: FailedSignIn;
  /** Which API signed in last, by the page that was opened: `authn` or `idx`. */
  ways?: Record<string, string>;
  /** Longest session that STS allowed where it refused more, seconds by role ARN. */
  longestSeconds?: Record<string, number>;
}

/** Members to change; `undefined` removes one. */
export type StateChange = {
  [K in keyof Omit<AccountState, "version" | "account">]?: AccountState[K] | undefined;
};

/** The state of one account, read and changed. */
export interface AccountStateFile {
  /** Gives the state; an empty one where nothing is known. */
  read(): Promise<AccountState>;
  /** Changes some members, or what a function gives for the state as it is now. */
  change(members: StateChange | ((state: AccountState) => StateChange)): Promise<void>;
  /** Forgets everything. */
  remove(): Promise<boolean>;
}

function isAccountState(document: unknown): document is AccountState {
  if (!hasVersion(document, 1)) return false;
  const {
    account,
    stored,
    refusedItem,
    rejectedFingerprint,
    usedCode,
    unanswered,
    failed,
    ways,
    longestSeconds,
  } = document as AccountState;
  return isString(account) &&
    (stored === undefined || isStored(stored)) &&
    (refusedItem === undefined || isString(refusedItem)) &&
    (rejectedFingerprint === undefined || isRejectedFingerprint(rejectedFingerprint)) &&
    (usedCode === undefined || (isString(usedCode?.item) && Number.isFinite(usedCode.counter))) &&
    (unanswered === undefined ||
      (Number.isFinite(unanswered?.count) && Number.isFinite(unanswered.at))) &&
    (failed === undefined ||
      (Number.isFinite(failed?.at) && isString(failed.code) && isString(failed.message))) &&
    (ways === undefined || isRecordOf(ways, isString)) &&
    (longestSeconds === undefined || isRecordOf(longestSeconds, isNumber));
}

function isStored(stored: StoredSecrets): boolean {
  const { backend, passedOver } = stored ?? {};
  if (passedOver !== undefined && !Array.isArray(passedOver)) return false;
  return isString(backend) &&
    (passedOver ?? []).every((finding) => isString(finding?.name) && isString(finding.why));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}

/**
 * The state of an account.
 *
 * @param files Reads and writes.
 * @param cacheDirectory The cache folder.
 * @param account The Okta account's name.
 * @returns Its reader and writer.
 */
export async function openAccountState(
  files: Files,
  cacheDirectory: string,
  account: string,
): Promise<AccountStateFile> {
  const path = `${cacheDirectory}/state/${await hashName([account])}.json`;
  const file: JsonFile<AccountState> = jsonFile(files, path, isAccountState);
  const read = async (): Promise<AccountState> => (await file.read()) ?? { version: 1, account };
  return {
    read,
    change: (members) =>
      withDocumentLock(files, path, async () => {
        const state = await read();
        const merged = { ...state, ...typeof members === "function" ? members(state) : members };
        const known = Object.entries(merged).filter(([, value]) => value !== undefined);
        await file.write(Object.fromEntries(known) as unknown as AccountState);
      }),
    remove: () => file.remove(),
  };
}
