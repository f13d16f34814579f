/**
 * A cluster's bearer token as it stands in a file of the cache. On the path of every `kube token`.
 *
 * @module
 */

import { hasVersion, isString } from "../store/json_file.ts";

/** A token as it stands in a file of the cache. */
export interface TokenDocument {
  /** The document's version. */
  version: 1;
  /** The Okta account's name. */
  account: string;
  /** Until when it may be handed out, milliseconds since the Unix epoch. */
  expiration: number;
  /** The token, sealed with the account's key. */
  sealed?: string;
  /** The token, in the clear. */
  open?: string;
}

/**
 * Whether what was read is a token of ours.
 *
 * @param document The JSON.
 * @returns Whether it is; a damaged or older document is not.
 */
export function isTokenDocument(document: unknown): document is TokenDocument {
  if (!hasVersion(document, 1)) return false;
  const { account, expiration, open, sealed } = document as TokenDocument;
  return isString(account) && Number.isFinite(expiration) && (isString(sealed) || isString(open));
}
