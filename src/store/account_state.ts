/**
 * What one run leaves for the next about an account, none of it secret: which password Okta rejected,
 * which one-time code was used last, what the secret store holds, how the last sign-in failed.
 *
 * @module
 */

import type { BackendName, Files } from "../ports.ts";
import {
  hashName,
  hasVersion,
  isRecordOf,
  isString,
  type JsonFile,
  jsonFile,
  withDocumentLock,
} from "./json_file.ts";
import { isStoredFailure, type StoredFailure } from "./shared_failure.ts";

/** A sign-in that failed. */
export interface FailedSignIn extends StoredFailure {
  /** When, milliseconds since the Unix epoch. */
  at: number;
  /** The app's URL, if only this app was refused. */
  app?: string;
}

/** What is known of an account's secrets without opening their store. */
export interface StoredSecrets {
  backend: BackendName;
  password: boolean;
  /** Whether there is a TOTP secret, or another program that gives codes. */
  totp: boolean;
  /** Stores that would have come first, and why they did not work, if nobody had named a store. */
  passedOver?: { name: string; why: string }[];
}

/**
 * How a password is recognized if no item keeps it (environment, command): 16 bits of a salted hash,
 * which needs a key or is slow. Enough to tell another password from the same one, and too few to
 * find it out.
 */
export interface RejectedFingerprint {
  /** Random, hexadecimal. */
  salt: string;
  /** Whether the hash needs the account's TOTP secret as its key; else it is slow. */
  keyed?: true;
  /** 16 bits, hexadecimal. */
  hash: string;
}

/** A password that was sent, and that Okta has neither accepted nor rejected. */
export interface SentPassword {
  /** The id of the secret item; `env` if no item keeps the password. */
  item: string;
  /** Of a password that no item keeps, or that other accounts of the same user may have too. */
  fingerprint?: RejectedFingerprint;
}

/** What an org said of itself (`/.well-known/okta-organization`). */
export interface StoredOrg {
  /** Whose description it is: the org's own origin. */
  org: string;
  /** When, milliseconds since the Unix epoch. */
  asked: number;
  /** `v1` is Classic, `idx` is Identity Engine. */
  pipeline: string;
  /** Its other origins. */
  origins: string[];
}

export interface AccountState {
  version: 1;
  /** The account's name. */
  account: string;
  stored?: StoredSecrets;
  /** The id of the secret item whose password Okta rejected: it is not sent again. */
  refusedItem?: string;
  /** Likewise of a password that no item keeps, or that other accounts of the same user may have. */
  rejectedFingerprint?: RejectedFingerprint;
  /** Written before a password is sent; removed when Okta's answer is known. */
  sentPasswords?: SentPassword[];
  /** The last one-time code that was sent: of which item, and which time step. */
  usedCode?: { item: string; counter: number };
  /** How many prompts in a row nobody answered, and when the last one ended. */
  unanswered?: { count: number; at: number };
  /** How the last sign-in failed; processes that waited for it fail with the same error. */
  failed?: FailedSignIn;
  /** Which API signed in last, by the page that was opened: `authn` or `idx`. */
  ways?: Record<string, string>;
  org?: StoredOrg;
  /** The SAML issuer that was last seen in a browser, by app. */
  issuers?: Record<string, string>;
  /** Apps that Okta opens in the browser only: its session is bound to it. */
  browserOnly?: string[];
  /** Whether a person has confirmed AWS's "Allow access" in the account's browser. */
  portalAllowed?: boolean;
  /** Longest session that STS allowed after it refused more, seconds by role ARN. */
  longestSeconds?: Record<string, number>;
  /** When that was found out, milliseconds since the Unix epoch, by the same keys. */
  longestFound?: Record<string, number>;
}

/** Members to change; `undefined` removes one. */
export type StateChange = {
  [K in keyof Omit<AccountState, "version" | "account">]?: AccountState[K] | undefined;
};

/**
 * What keeps a run from repeating what another has done: it has to survive a power failure. So does the
 * file that has it when something else is changed: on some file systems one that was not synced is empty
 * afterwards.
 */
const GUARDS = ["refusedItem", "rejectedFingerprint", "sentPasswords", "unanswered"] as const;

/** The state file of one account. */
export interface AccountStateFile {
  /** The state; an empty one if nothing is known. */
  read(): Promise<AccountState>;
  /** Changes some members, or those that a function returns for the current state. */
  change(members: StateChange | ((state: AccountState) => StateChange)): Promise<void>;
  /** Forgets everything. @returns Whether there was anything. */
  remove(): Promise<boolean>;
  /** Those of other accounts that are the same Okta user: what they sent counts here too. */
  readonly others?: readonly AccountStateFile[];
}

export function isRejectedFingerprint(value: unknown): value is RejectedFingerprint {
  const { salt, hash, keyed } = (value ?? {}) as Partial<RejectedFingerprint>;
  if (keyed !== undefined && keyed !== true) return false;
  return [salt, hash].every((text) => typeof text === "string" && /^(?:[0-9a-f]{2})+$/.test(text));
}

function isAccountState(document: unknown): document is AccountState {
  if (!hasVersion(document, 1)) return false;
  const {
    account,
    stored,
    refusedItem,
    rejectedFingerprint,
    sentPasswords,
    usedCode,
    unanswered,
    failed,
    ways,
    org,
    issuers,
    browserOnly,
    portalAllowed,
    longestSeconds,
    longestFound,
  } = document as AccountState;
  return isString(account) &&
    (stored === undefined || isStored(stored)) &&
    (refusedItem === undefined || isString(refusedItem)) &&
    (rejectedFingerprint === undefined || isRejectedFingerprint(rejectedFingerprint)) &&
    (sentPasswords === undefined ||
      (Array.isArray(sentPasswords) && sentPasswords.every(isSentPassword))) &&
    (usedCode === undefined || (isString(usedCode?.item) && Number.isFinite(usedCode.counter))) &&
    (unanswered === undefined ||
      (Number.isFinite(unanswered?.count) && Number.isFinite(unanswered.at))) &&
    (failed === undefined ||
      (isStoredFailure(withKind(failed)) && Number.isFinite(failed.at))) &&
    (portalAllowed === undefined || typeof portalAllowed === "boolean") &&
    (ways === undefined || isRecordOf(ways, isString)) &&
    (org === undefined || isStoredOrg(org)) &&
    (issuers === undefined || isRecordOf(issuers, isString)) &&
    (browserOnly === undefined || (Array.isArray(browserOnly) && browserOnly.every(isString))) &&
    (longestSeconds === undefined || isRecordOf(longestSeconds, isNumber)) &&
    (longestFound === undefined || isRecordOf(longestFound, isNumber));
}

function isSentPassword(value: unknown): value is SentPassword {
  const { item, fingerprint } = (value ?? {}) as Partial<SentPassword>;
  return isString(item) && (fingerprint === undefined || isRejectedFingerprint(fingerprint));
}

function isStoredOrg(value: unknown): value is StoredOrg {
  const { org, asked, pipeline, origins } = (value ?? {}) as Partial<StoredOrg>;
  return isString(org) && Number.isFinite(asked) && isString(pipeline) &&
    Array.isArray(origins) && origins.every(isString);
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

/** Earlier versions wrote `unanswered` in place of the kind. */
function withKind(failed: FailedSignIn & { unanswered?: boolean }): FailedSignIn {
  const { unanswered, ...failure } = failed ?? {};
  return { ...failure, kind: failure.kind ?? (unanswered ? "InteractionError" : "SignInError") };
}

/**
 * The state file of an account (Okta or Identity Center), by the account's name.
 *
 * @param others Names of the accounts that are the same Okta user.
 */
export async function openAccountState(
  files: Files,
  cacheDirectory: string,
  account: string,
  others: readonly string[] = [],
): Promise<AccountStateFile> {
  const path = `${cacheDirectory}/state/${await hashName([account])}.json`;
  const file: JsonFile<AccountState> = jsonFile(files, path, isAccountState);
  const read = async (): Promise<AccountState> => {
    const state = await file.read();
    if (state === undefined) return { version: 1, account };
    return state.failed === undefined ? state : { ...state, failed: withKind(state.failed) };
  };
  return {
    read,
    change: (members) =>
      withDocumentLock(files, path, async () => {
        const state = await read();
        const changed = typeof members === "function" ? members(state) : members;
        const merged = { ...state, ...changed };
        const known = Object.entries(merged).filter(([, value]) => value !== undefined);
        // A code is of no use any more when a computer has started again.
        const isGuard = changed.usedCode !== undefined ||
          GUARDS.some((name) => merged[name] !== undefined);
        await file.write(Object.fromEntries(known) as unknown as AccountState, isGuard);
      }),
    remove: () => file.remove(),
    others: await Promise.all(
      others.map((name) => openAccountState(files, cacheDirectory, name)),
    ),
  };
}
