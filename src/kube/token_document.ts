/**
 * On the cached path of `kube token`: import nothing expensive.
 *
 * @module
 */

import { formatTimestamp } from "../aws/timestamp.ts";
import type { FastCommand } from "../credentials/fast_path.ts";
import { Secret } from "../secret.ts";
import { hasVersion, isString, jsonFile } from "../store/json_file.ts";
import { formatExecCredential, isExecVersion, parseExecInfo } from "./exec_credential.ts";

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

/** No token is valid for longer: a later expiration is of a clock that was ahead. */
const LONGEST_MILLISECONDS = 15 * 60_000;

/** Whether a cached token may still be returned. */
export function isTokenFresh({ expiration }: TokenDocument, now: number): boolean {
  return expiration > now && expiration - now <= LONGEST_MILLISECONDS;
}

/** The fast path of `kube token`. */
export const KUBE_TOKEN: FastCommand = {
  matches: ([command, subcommand]) => command === "kube" && subcommand === "token",
  async read({ clock, environment, files }, path) {
    const info = parseExecInfo(environment.get("KUBERNETES_EXEC_INFO"));
    if (info === undefined || !isExecVersion(info.apiVersion)) return undefined;
    const document = await jsonFile(files, path, isTokenDocument).read();
    if (document?.open === undefined || !isTokenFresh(document, clock.now())) return undefined;
    const expiration = formatTimestamp(new Date(document.expiration));
    return formatExecCredential(info.apiVersion, new Secret(document.open), expiration);
  },
};
