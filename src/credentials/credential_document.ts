/**
 * A cached credential: its file, when it is too old to be returned ({@linkcode freshUntil}), and
 * the `credential_process` output made from it. On the path of every `cred-process`.
 *
 * @module
 */

import type { IssuedCredentials, SessionCredentials } from "../aws/session_credentials.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import { Secret } from "../secret.ts";
import { hasVersion, isString } from "../store/json_file.ts";
import { formatTimestamp } from "../aws/timestamp.ts";

/** A file of the cache. */
export interface CredentialDocument {
  /** The document's version. */
  version: 1;
  /** The Okta account's name. */
  account: string;
  /** The last role of the chain. */
  roleArn: string;
  /** Who they are to AWS. */
  assumedRoleArn: string;
  /** The origin of STS. */
  endpoint: string;
  /** When STS gave them, milliseconds since the Unix epoch. */
  issued: number;
  /** When they end, likewise. */
  expiration: number;
  /** What the session is narrowed to. */
  sessionPolicy?: SessionPolicy;
  /** The secrets, sealed with the account's key. */
  sealed?: string;
  /** The secrets, in plain text. */
  open?: OpenCredentials;
}

/** The secrets of a document, in plain text. */
export interface OpenCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

/**
 * SDKs ask for new credentials when less than 15 minutes are left (botocore's advisory refresh,
 * credentials.py `_advisory_refresh_timeout`): returning such credentials would cause a call at
 * once.
 */
const REFRESH_WINDOW_MILLISECONDS = 15 * 60 * 1000;

/**
 * Until when cached credentials are returned: min(15 minutes, a quarter of their lifetime) before
 * they expire. Milliseconds since the Unix epoch.
 *
 * @param issued When STS gave them, milliseconds since the Unix epoch.
 */
export function freshUntil(issued: number, expiration: number): number {
  const lifetime = Math.max(0, expiration - issued);
  return expiration - Math.min(REFRESH_WINDOW_MILLISECONDS, lifetime / 4);
}

/**
 * Whether cached credentials may still be returned, by {@linkcode freshUntil}. Not if they were issued
 * later than now: the clock has been ahead, and nothing is known of their age.
 *
 * @param issued When STS gave them, milliseconds since the Unix epoch.
 */
export function isFresh(issued: number, expiration: number, now: number): boolean {
  return issued <= now && now <= freshUntil(issued, expiration) && expiration > now;
}

/** Whether what was read is credentials of ours. */
export function isCredentialDocument(document: unknown): document is CredentialDocument {
  if (!hasVersion(document, 1)) return false;
  const { account, roleArn, assumedRoleArn, endpoint, issued, expiration, open, sealed } =
    document as CredentialDocument;
  return [account, roleArn, assumedRoleArn, endpoint].every(isString) &&
    Number.isFinite(issued) && Number.isFinite(expiration) &&
    (isString(sealed) || isOpen(open));
}

/** Whether the secrets of a document are all there. */
export function isOpen(open: OpenCredentials | undefined): open is OpenCredentials {
  return [open?.accessKeyId, open?.secretAccessKey, open?.sessionToken]
    .every((value) => typeof value === "string" && value !== "");
}

/** The credentials of a document. */
export function toIssued(
  { issued, expiration, assumedRoleArn }: CredentialDocument,
  open: OpenCredentials,
): IssuedCredentials {
  const credentials = {
    accessKeyId: open.accessKeyId,
    secretAccessKey: new Secret(open.secretAccessKey),
    sessionToken: new Secret(open.sessionToken),
    expiration: new Date(expiration),
  };
  return { credentials, issued, assumedRoleArn };
}

/** Credentials as an AWS SDK reads them from a `credential_process`. */
export function formatCredentialProcess(
  credentials: SessionCredentials,
  accountId?: string,
): string {
  return JSON.stringify({
    // A number: the SDKs refuse "1".
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey.reveal(),
    SessionToken: credentials.sessionToken.reveal(),
    Expiration: formatTimestamp(credentials.expiration),
    AccountId: accountId,
  });
}
