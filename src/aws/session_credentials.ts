/**
 * What STS gives for a role.
 *
 * @module
 */

import type { Secret } from "../secret.ts";

/** Temporary security credentials of one role session. */
export interface SessionCredentials {
  /** The access key id, `ASIA…`; no secret by itself. */
  accessKeyId: string;
  /** The secret access key. */
  secretAccessKey: Secret;
  /** The session token; AWS fixes no maximum length. */
  sessionToken: Secret;
  /** When they end. */
  expiration: Date;
}
