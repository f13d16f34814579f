/**
 * Credentials as they stand in a file of the cache, and when they are worth handing out. On the path
 * of every `cred-process`.
 *
 * @module
 */

import type { IssuedCredentials, SessionCredentials } from "../aws/session_credentials.ts";
import { Secret } from "../secret.ts";
import { hasVersion, isString } from "../store/json_file.ts";
import { formatTimestamp } from "../aws/timestamp.ts";

/** Credentials as they stand in a file of the cache. */
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
  /** The secrets, sealed with the account's key. */
  sealed?: string;
  /** The secrets, in the clear. */
  open?: OpenCredentials;
}

/** The secrets of a document, in the clear. */
export interface OpenCredentials {
  /** The access key id. */
  accessKeyId: string;
  /** The secret access key. */
  secretAccessKey: string;
  /** The session token. */
  sessionToken: string;
}

/**
 * SDKs ask for new credentials when less than 15 minutes are left (botocore's advisory refresh,
 * credentials.py `_advisory_refresh_timeout`): handing such out would earn a call at once.
 */
const REFRESH_WINDOW_MILLISECONDS = 15 * 60 * 1000;

/**
 * Until when credentials are worth handing out: min(15 minutes, a quarter of their lifetime) is left.
 *
 * @param issued When STS gave them, milliseconds since the Unix epoch.
 * @param expiration When they end, likewise.
 * @returns The last moment, likewise.
 */
export function freshUntil(issued: number, expiration: number): number {
  const lifetime = Math.max(0, expiration - issued);
  return expiration - Math.min(REFRESH_WINDOW_MILLISECONDS, lifetime / 4);
}

/**
 * Whether credentials are worth handing out, by {@linkcode freshUntil}.
 *
 * @param issued When STS gave them, milliseconds since the Unix epoch.
 * @param expiration When they end, likewise.
 * @param now Likewise.
 * @returns Whether they are.
 */
export function isFresh(issued: number, expiration: number, now: number): boolean {
  return now <= freshUntil(issued, expiration) && expiration > now;
}

/**
 * Whether what was read is credentials of ours.
 *
 * @param document The JSON.
 * @returns Whether it is; a damaged or older document is not.
 */
export function isCredentialDocument(document: unknown): document is CredentialDocument {
  if (!hasVersion(document, 1)) return false;
  const { account, roleArn, assumedRoleArn, endpoint, issued, expiration, open, sealed } =
    document as CredentialDocument;
  return [account, roleArn, assumedRoleArn, endpoint].every(isString) &&
    Number.isFinite(issued) && Number.isFinite(expiration) &&
    (isString(sealed) || isOpen(open));
}

/**
 * Whether the secrets of a document are all there.
 *
 * @param open The secrets.
 * @returns Whether they are.
 */
export function isOpen(open: OpenCredentials | undefined): open is OpenCredentials {
  return [open?.accessKeyId, open?.secretAccessKey, open?.sessionToken]
    .every((value) => typeof value === "string" && value !== "");
}

/**
 * The credentials of a document.
 *
 * @param document The document.
 * @param open Its secrets.
 * @returns The credentials.
 */
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

/**
 * Credentials as an AWS SDK reads them from a `credential_process`.
 *
 * @param credentials The credentials; revealed, for this text is the answer that was asked for.
 * @param accountId The account they are for, where it is known.
 * @returns One JSON object on one line, without a line end.
 */
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
