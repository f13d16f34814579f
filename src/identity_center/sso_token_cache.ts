/**
 * Tokens of IAM Identity Center in the AWS CLI's own files, so that one sign-in serves both
 * programs.
 *
 * Source: botocore, `utils.py` (`SSOTokenLoader`), `tokens.py`; aws-cli, `BaseSSOTokenFetcher`
 *
 * @module
 */

import { isObject } from "../is_object.ts";
import type { SsoSession } from "../aws/sso_session.ts";
import type { SsoClient } from "./sso_oidc.ts";
import { formatTimestamp } from "../aws/timestamp.ts";
import type { Files } from "../ports.ts";
import { Secret } from "../secret.ts";
import { isString, jsonFile } from "../store/json_file.ts";
import { isSamePortal } from "../aws/start_url.ts";

/** A stored token. */
export interface StoredSsoToken {
  accessToken: Secret;
  /** When it ends, milliseconds since the Unix epoch. */
  expiresAt: number;
  /** For the next access token. */
  refreshToken: Secret | undefined;
  /** The client that it was issued to. */
  client: SsoClient | undefined;
  /** The file that it was read from, and to which its successor is written. */
  file?: string;
}

/** The files of one session. */
export interface SsoTokenCache {
  /** Ours or the AWS CLI's. */
  read(): Promise<StoredSsoToken | undefined>;
  write(token: StoredSsoToken): Promise<void>;
  /** @returns Whether there was one. */
  remove(): Promise<boolean>;
  /** The registered client, even if expired. */
  readClient(): Promise<SsoClient | undefined>;
  writeClient(client: SsoClient): Promise<void>;
  removeClient(): Promise<void>;
}

/** A file of that folder; every value is a string, times too. */
type Document = Record<string, unknown>;

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}

/** Old files end in `UTC`. */
function parseTime(value: unknown): number {
  return isString(value) ? Date.parse(value.replace(/UTC$/, "Z")) : NaN;
}

/**
 * The name of a session's token file.
 *
 * @returns `34c6fceca75e456f25e7e99531e2425c6c1de443.json`
 */
export async function tokenFileName(key: string): Promise<string> {
  return `${await sha1(key)}.json`;
}

/** The file name of a registered client: the hash of what Python's `json.dumps` would write. */
export async function clientFileName(
  { name, startUrl, region, scopes }: SsoSession,
): Promise<string> {
  const list = scopes.map((scope) => JSON.stringify(scope)).join(", ");
  const session = name === undefined ? "null" : JSON.stringify(name);
  const text = `{"region": ${JSON.stringify(region)}, "scopes": [${list}], ` +
    `"session_name": ${session}, "startUrl": ${JSON.stringify(startUrl)}, "tool": "botocore"}`;
  return `${await sha1(text)}.json`;
}

function clientOf(document: Document, expires: string): SsoClient | undefined {
  const { clientId, clientSecret, grantTypes } = document;
  const expiresAt = parseTime(document[expires]);
  if (!isString(clientId) || !isString(clientSecret) || Number.isNaN(expiresAt)) return undefined;
  const grants = Array.isArray(grantTypes) ? { grantTypes: grantTypes.filter(isString) } : {};
  return { clientId, clientSecret: new Secret(clientSecret), expiresAt, ...grants };
}

function tokenOf(
  document: Document,
  { region, startUrl }: SsoSession,
  file: string,
): StoredSsoToken | undefined {
  const { accessToken, refreshToken } = document;
  const expiresAt = parseTime(document.expiresAt);
  if (!isString(accessToken) || accessToken === "" || Number.isNaN(expiresAt)) return undefined;
  if (isString(document.region) && document.region !== region) return undefined;
  // Another portal may have had the same name before.
  const portal = document.startUrl;
  if (isString(portal) && !isSamePortal(portal, startUrl)) return undefined;
  return {
    accessToken: new Secret(accessToken),
    expiresAt,
    refreshToken: isString(refreshToken) ? new Secret(refreshToken) : undefined,
    client: clientOf(document, "registrationExpiresAt"),
    file,
  };
}

function clientMembers({ clientId, clientSecret, expiresAt }: SsoClient) {
  const time = formatTimestamp(new Date(expiresAt));
  return [{ clientId, clientSecret: clientSecret.reveal() }, time] as const;
}

/**
 * The files of a session.
 *
 * @param files Must replace files atomically: the AWS CLI may read at any time.
 * @param session `also`: other session names of the same portal, whose sign-ins count too.
 */
export async function openSsoTokenCache(
  files: Files,
  folder: string,
  session: SsoSession & { also?: readonly string[] },
): Promise<SsoTokenCache> {
  const { name, startUrl, region, scopes, also = [] } = session;
  const at = (file: string) => jsonFile<Document>(files, `${folder}/${file}`, isObject);
  // A sign-in by a profile of the legacy form counts: it is the same portal.
  const names = [...new Set([name ?? startUrl, startUrl, ...also])];
  const tokenFiles = await Promise.all(names.map(tokenFileName));
  const registration = at(await clientFileName(session));
  const readToken = async (file: string) => {
    const document = await at(file).read();
    return document && tokenOf(document, session, file);
  };
  return {
    async read() {
      const [own, ...others] = await Promise.all(tokenFiles.map(readToken));
      if (own?.refreshToken !== undefined) return own;
      const found = [own, ...others].filter((token) => token !== undefined);
      return found.toSorted((one, other) => other.expiresAt - one.expiresAt)[0];
    },
    async write({ accessToken, expiresAt, refreshToken, client, file = tokenFiles[0]! }) {
      const [members, registrationExpiresAt] = client === undefined ? [] : clientMembers(client);
      await at(file).write({
        startUrl,
        region,
        accessToken: accessToken.reveal(),
        expiresAt: formatTimestamp(new Date(expiresAt)),
        ...members,
        ...(registrationExpiresAt && { registrationExpiresAt }),
        ...(refreshToken && { refreshToken: refreshToken.reveal() }),
      });
    },
    async remove() {
      const removed = await Promise.all(tokenFiles.map((file) => at(file).remove()));
      return removed.includes(true);
    },
    async readClient() {
      const document = await registration.read();
      return document && clientOf(document, "expiresAt");
    },
    async writeClient(client) {
      const [members, expiresAt] = clientMembers(client);
      const { grantTypes } = client;
      await registration.write({ ...members, expiresAt, scopes, ...grantTypes && { grantTypes } });
    },
    removeClient: async () => void await registration.remove(),
  };
}
