/**
 * Temporary credentials of a role, as STS and the portal of IAM Identity Center issue them.
 *
 * @module
 */

import type { Secret } from "../secret.ts";

/** Temporary security credentials of one role session. */
export interface SessionCredentials {
  /** `ASIA…`; not a secret. */
  accessKeyId: string;
  secretAccessKey: Secret;
  /** AWS sets no maximum length. */
  sessionToken: Secret;
  expiration: Date;
}

/** Credentials, and what a cache has to know about them. */
export interface IssuedCredentials {
  credentials: SessionCredentials;
  /** When AWS issued them, milliseconds since the Unix epoch. */
  issued: number;
  /** `arn:aws:sts::123456789012:assumed-role/Role/session` */
  assumedRoleArn: string;
}
