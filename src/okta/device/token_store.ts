/**
 * OIDC tokens between runs, sealed with the account's key.
 *
 * @module
 */

import type { Files } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { hashName, hasVersion, type JsonFile, jsonFile } from "../../store/json_file.ts";
import { seal, unseal } from "../../store/seal.ts";

/** Not secret, so that `status` needs no key: when the person signed in, and until when it holds. */
export interface TokenTimes {
  /** Milliseconds since the Unix epoch. */
  signedInAt: number;
  /** Milliseconds since the Unix epoch. */
  expiresAt: number;
}

/** Tokens as they were kept. */
export interface StoredTokens extends TokenTimes {
  /** Bearer token for the org's API. */
  accessToken: Secret;
  /** Who has signed in. */
  idToken: Secret;
}

/** The tokens of one account. */
export interface TokenStore {
  /** Gives the tokens, or `undefined` where there are none that open with this key. */
  read(key: Secret): Promise<StoredTokens | undefined>;
  /** Keeps tokens. */
  write(key: Secret, tokens: StoredTokens): Promise<void>;
  /** Gives the times alone, or `undefined` where nothing is kept. */
  times(): Promise<TokenTimes | undefined>;
  /** Forgets the tokens. @returns Whether there were any. */
  remove(): Promise<boolean>;
}

interface SealedTokens extends TokenTimes {
  version: 1;
  sealed: string;
}

function isSealedTokens(document: unknown): document is SealedTokens {
  if (!hasVersion(document, 1)) return false;
  const { sealed, signedInAt, expiresAt } = document as SealedTokens;
  return typeof sealed === "string" && Number.isFinite(signedInAt) && Number.isFinite(expiresAt);
}

/**
 * The tokens of one account.
 *
 * @param files Reads and writes.
 * @param cacheDirectory The cache folder.
 * @param account The Okta account's name.
 * @param org The org's origin: tokens of another org are never sent to this one.
 * @param clientId The OIDC app that they were given to.
 * @returns The store.
 */
export async function openTokenStore(
  files: Files,
  cacheDirectory: string,
  account: string,
  org: string,
  clientId: string,
): Promise<TokenStore> {
  const parts = ["okta-aws oidc tokens", account, org, clientId];
  const purpose = JSON.stringify(parts);
  const path = `${cacheDirectory}/sessions/${await hashName(parts)}.json`;
  const file: JsonFile<SealedTokens> = jsonFile(files, path, isSealedTokens);
  return {
    async read(key) {
      const document = await file.read();
      const text = document && await unseal(key, purpose, document.sealed);
      if (document === undefined || text === undefined) return undefined;
      const [accessToken, idToken] = JSON.parse(text) as [string, string];
      const { signedInAt, expiresAt } = document;
      return {
        signedInAt,
        expiresAt,
        accessToken: new Secret(accessToken),
        idToken: new Secret(idToken),
      };
    },
    async write(key, { signedInAt, expiresAt, accessToken, idToken }) {
      const text = JSON.stringify([accessToken.reveal(), idToken.reveal()]);
      const sealed = await seal(key, purpose, text);
      await file.write({ version: 1, signedInAt, expiresAt, sealed });
    },
    times: () => file.read(),
    remove: () => file.remove(),
  };
}
