/**
 * OIDC tokens between runs, sealed with the account's key.
 *
 * @module
 */

import type { Files } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { hashName, hasVersion, type JsonFile, jsonFile } from "../../store/json_file.ts";
import { seal, type SealKey, unseal } from "../../store/seal.ts";

/** Not secret, so that `status` needs no key. Milliseconds since the Unix epoch. */
export interface TokenTimes {
  signedInAt: number;
  expiresAt: number;
}

export interface StoredTokens extends TokenTimes {
  /** Bearer token for the org's API. */
  accessToken: Secret;
  idToken: Secret;
}

/** The token file of one account. */
export interface TokenStore {
  /** The tokens, or `undefined` if there are none that this key opens. */
  read(key: SealKey): Promise<StoredTokens | undefined>;
  write(key: SealKey, tokens: StoredTokens): Promise<void>;
  /** Needs no key. */
  times(): Promise<TokenTimes | undefined>;
  /** @returns Whether there were any. */
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

/** Whose tokens are kept, and where. */
export interface TokenOwner {
  cacheDirectory: string;
  account: string;
  /** The org's origin: tokens of another org are never sent to this one. */
  org: string;
  /** The OIDC app that they were given to. */
  clientId: string;
}

export async function openTokenStore(
  files: Files,
  { cacheDirectory, account, org, clientId }: TokenOwner,
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
