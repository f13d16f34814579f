/**
 * The credential cache as the settings want it: its mode, and the key that seals it.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { SettingsError } from "../errors.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";
import type { Secret } from "../secret.ts";
import {
  type CachedFacts,
  type CredentialCache,
  type CredentialCacheOptions,
  openCredentialCache,
} from "./credential_cache.ts";
import { forgetFastPath } from "./fast_path_write.ts";

type PortalSealKey = typeof import("../identity_center/portal_seal_key.ts");
type OktaAccounts = typeof import("../okta/sign_in/okta_account.ts");

export function openCache(context: AppContext): CredentialCache {
  return openCredentialCache(cacheOptions(context));
}

/** Also for caches of what is made from credentials, such as Kubernetes tokens. */
export function cacheOptions(context: AppContext): CredentialCacheOptions {
  const { ports, paths, settings } = context;
  return {
    files: ports.files,
    cacheDirectory: paths.cache,
    mode: settings.program.cache ?? "file",
    now: () => ports.clock.now(),
    async sealKey(account) {
      const sessionKey = await readSealKey(context, account);
      if (sessionKey !== undefined) return sessionKey;
      throw new SettingsError("cache = encrypted needs a secret store that keeps the key", {
        code: "no_seal_key",
        hint: "set cache = none in the settings, or choose another --backend",
      });
    },
  };
}

async function readSealKey(context: AppContext, account: string): Promise<Secret | undefined> {
  if (isIdentityCenter(context, account)) {
    const { portalSealKey } = await import(
      "../identity_center/portal_seal_key.ts" as string
    ) as PortalSealKey;
    return await portalSealKey(context, account);
  }
  const { openAccount } = await import("../okta/sign_in/okta_account.ts" as string) as OktaAccounts;
  return (await (await openAccount(context, account)).secrets.read()).sessionKey;
}

/**
 * When an account's cached credentials expire, milliseconds since the Unix epoch by role ARN; only
 * those that are still valid, the latest of each role.
 */
export async function expirationsByRole(
  context: AppContext,
  oktaAccount: string,
): Promise<Map<string, number>> {
  const newest = await newestByRole(context, oktaAccount);
  return new Map([...newest].map(([roleArn, { expiration }]) => [roleArn, expiration]));
}

/** An account's cached credentials that are still valid: of each role those that expire last. */
export async function newestByRole(
  context: AppContext,
  oktaAccount: string,
): Promise<Map<string, CachedFacts>> {
  const now = context.ports.clock.now();
  const newest = new Map<string, CachedFacts>();
  for (const facts of await openCache(context).list()) {
    const { account, roleArn, expiration } = facts;
    if (account !== oktaAccount || expiration <= now) continue;
    if (expiration > (newest.get(roleArn)?.expiration ?? 0)) newest.set(roleArn, facts);
  }
  return newest;
}

/**
 * Removes an account's cached credentials and the fast path to any. @returns How many there were.
 */
export async function forgetCredentials(
  context: AppContext,
  { name }: { name: string },
): Promise<{ credentials: number }> {
  const credentials = await openCache(context).clear(name);
  await forgetFastPath(context);
  return { credentials };
}
