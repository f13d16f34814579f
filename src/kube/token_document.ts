import { hasVersion, isString } from "../store/json_file.ts";

/** A token as it stands in a file of the cache. */
export interface TokenDocument {
  version: 1;
  account: string;
  /** Until when it may be handed out, milliseconds since the Unix epoch. */
  expiration: number;
  sealed?: string;
  open?: string;
}

/** Whether what was read is a token of ours. */
export function isTokenDocument(document: unknown): document is TokenDocument {
  if (!hasVersion(document, 1)) return false;
  const { account, expiration, open, sealed } = document as TokenDocument;
  return isString(account) && Number.isFinite(expiration) && (isString(sealed) || isString(open));
}
