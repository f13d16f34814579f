import { Secret } from "../secret.ts";
import {
  type CredentialCacheOptions,
  type CredentialKey,
  credentialKeyParts,
} from "../credentials/credential_cache.ts";
import { cacheOptions } from "../credentials/open_cache.ts";
import type { AppContext } from "../app/context.ts";
import { hashName, type JsonFile, jsonFile } from "../store/json_file.ts";
import { isTokenDocument, isTokenFresh, type TokenDocument } from "./token_document.ts";

/** The cache key. */
export interface TokenKey {
  credentials: CredentialKey;
  cluster: string;
  region: string;
  partition: string;
}

export interface CachedToken {
  token: Secret;
  expiration: Date;
}

export interface TokenCache {
  /** The file of a key's token. */
  path(key: TokenKey): Promise<string>;
  /** `undefined` if there is no valid token. */
  read(key: TokenKey): Promise<CachedToken | undefined>;
  write(key: TokenKey, token: CachedToken): Promise<void>;
  /** Deletes the tokens of an account, and unreadable files. */
  clear(account: string): Promise<void>;
}

function keyParts({ credentials, cluster, region, partition }: TokenKey): string[] {
  return ["token", cluster, region, partition, ...credentialKeyParts(credentials)];
}

/** Binds a sealed token to its request, even if files are renamed. */
function purpose(key: TokenKey, expiration: number): string {
  return JSON.stringify(["okta-aws token", ...keyParts(key), expiration]);
}

export function openTokenCache(options: CredentialCacheOptions): TokenCache {
  const { files, mode, now } = options;
  const folder = `${options.cacheDirectory}/tokens`;
  const fileFor = async (key: TokenKey): Promise<JsonFile<TokenDocument>> =>
    jsonFile(files, `${folder}/${await hashName(keyParts(key))}.json`, isTokenDocument, {
      synced: false,
    });
  return {
    path: async (key) => (await fileFor(key)).path,
    async read(key) {
      if (mode === "none") return undefined;
      const document = await (await fileFor(key)).read();
      if (document === undefined || !isTokenFresh(document, now())) return undefined;
      const token = await open(key, document, options);
      return token && { token, expiration: new Date(document.expiration) };
    },
    async write(key, cached) {
      if (mode === "none") return;
      await (await fileFor(key)).write(await close(key, cached, options));
    },
    async clear(account) {
      for (const name of await files.list(folder)) {
        const path = `${folder}/${name}`;
        const document = await jsonFile(files, path, isTokenDocument).read();
        if (document === undefined || document.account === account) await files.remove(path);
      }
    },
  };
}

/** Removes an account's cached tokens, for `signout --all`. */
export async function forgetTokens(context: AppContext, { name }: { name: string }): Promise<void> {
  await openTokenCache(cacheOptions(context)).clear(name);
}

/** What was kept in another mode than today's counts as missing. */
async function open(
  key: TokenKey,
  document: TokenDocument,
  { mode, sealKey }: CredentialCacheOptions,
): Promise<Secret | undefined> {
  if (mode === "file") return document.open === undefined ? undefined : new Secret(document.open);
  if (document.sealed === undefined) return undefined;
  const { unseal } = await import("../store/seal.ts");
  const words = purpose(key, document.expiration);
  const text = await unseal(await sealKey(key.credentials.account), words, document.sealed);
  return text === undefined ? undefined : new Secret(text);
}

async function close(
  key: TokenKey,
  { token, expiration }: CachedToken,
  { mode, sealKey }: CredentialCacheOptions,
): Promise<TokenDocument> {
  const { account } = key.credentials;
  const facts = { version: 1 as const, account, expiration: expiration.getTime() };
  if (mode === "file") return { ...facts, open: token.reveal() };
  const { seal } = await import("../store/seal.ts");
  const words = purpose(key, facts.expiration);
  return { ...facts, sealed: await seal(await sealKey(account), words, token.reveal()) };
}
