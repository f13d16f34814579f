/**
 * On the cached path of `kube token`: import nothing expensive.
 *
 * @module
 */

import { hasVersion, isString } from "../store/json_file.ts";

/** A cached token on disk. */
export interface TokenDocument {
  version: 1;
  account: string;
  /** Milliseconds since the Unix epoch. */
  expiration: number;
  sealed?: string;
  open?: string;
}

/** False for damaged or older documents. */
export function isTokenDocument(document: unknown): document is TokenDocument {
  if (!hasVersion(document, 1)) return false;
  const { account, expiration, open, sealed } = document as TokenDocument;
  return isString(account) && Number.isFinite(expiration) && (isString(sealed) || isString(open));
}
