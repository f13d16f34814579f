/**
 * Credentials for a request: out of the cache, else through Okta and STS, once for everybody who
 * asks at the same time.
 *
 * @module
 */

import { AssertionError, type OktaAwsError, SettingsError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { withRoleLock } from "../store/account_lock.ts";
import {
  type CredentialCache,
  type CredentialCacheOptions,
  openCredentialCache,
} from "./credential_cache.ts";
import type { CachedCredentials } from "./credential_document.ts";
import { grantedRoles, openRoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { cacheKey, type CredentialRequest } from "./credential_request.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";

/**
 * The cache of credentials, as the settings have it.
 *
 * @returns The cache.
 */
export function openCache(context: AppContext): CredentialCache {
  return openCredentialCache(cacheOptions(context));
}

/**
 * How the settings want credentials, and what is made of them, to be kept.
 *
 * @returns What a cache needs.
 */
export function cacheOptions(
  context: AppContext,
): CredentialCacheOptions {
  const { ports, paths, settings } = context;
  return {
    files: ports.files,
    cacheDirectory: paths.cache,
    mode: settings.program.cache ?? "file",
    now: () => ports.clock.now(),
    async sealKey(account) {
      const sessionKey = await keyOf(context, account);
      if (sessionKey !== undefined) return sessionKey;
      throw new SettingsError("cache = encrypted needs a secret store that keeps the key", {
        code: "no_seal_key",
        hint: "set cache = none in the settings, or choose another --backend",
      });
    },
  };
}

async function keyOf(
  context: AppContext,
  account: string,
): Promise<Secret | undefined> {
  if (isIdentityCenter(context, account)) {
    const { portalSealKey } = await import("../identity_center/portal_seal_key.ts");
    return await portalSealKey(context, account);
  }
  const { openAccount } = await import("../okta/sign_in/okta_account.ts");
  return (await (await openAccount(context, account)).secrets.read()).sessionKey;
}

/**
 * Obtains credentials.
 *
 * @param request What is wanted.
 * @param force Whether cached ones are passed over.
 * @returns The credentials.
 */
export async function obtainCredentials(
  context: AppContext,
  request: CredentialRequest,
  force = false,
): Promise<CachedCredentials> {
  const asked = context.ports.clock.now();
  const isChained = request.source !== undefined || request.chain.length > 1;
  const fetch = isChained
    ? () => fetchChained(context, request, force)
    : () => fetchCredentials(context, request, { asked, notBefore: force ? asked : 0 });
  return await cachedOrFetched(context, request, { force, asked, fetch });
}

/** How {@linkcode cachedOrFetched} goes about it. */
export interface FetchOptions {
  /** Whether credentials that were there before are passed over. */
  force: boolean;
  /** Since when there has been a need for them, milliseconds since the Unix epoch. */
  asked: number;
  /** Fetches new ones. */
  fetch: () => Promise<CachedCredentials>;
}

/**
 * Credentials out of the cache; else fetched, by one process for all that want the same.
 *
 * @param request What is wanted.
 * @param options How.
 * @returns The credentials.
 */
export async function cachedOrFetched(
  context: AppContext,
  request: CredentialRequest,
  { force, asked, fetch }: FetchOptions,
): Promise<CachedCredentials> {
  const { ports: { files }, paths, settings } = context;
  // Nothing is left for those who would wait.
  if (settings.program.cache === "none") return await fetch();
  const cache = openCache(context);
  const key = cacheKey(request);
  const cached = force ? undefined : await cache.read(key);
  if (cached !== undefined) return cached;
  const { oktaAccount } = request;
  const document = await cache.path(key);
  const role = showUntrusted(request.chain.at(-1)!.roleArn);
  const onWait = () =>
    void context.interaction.say(`waiting for another okta-aws that asks for ${role}`);
  const { canAsk } = context.interaction;
  const cacheDirectory = paths.cache;
  const lock = { files, cacheDirectory, account: oktaAccount, document, onWait, canAsk };
  return await withRoleLock(lock, async () => {
    const meanwhile = await cache.read(key);
    if (meanwhile !== undefined && (!force || meanwhile.issued >= asked)) return meanwhile;
    const fresh = await fetch();
    await cache.write(key, fresh);
    return fresh;
  });
}

/**
 * The last role of a chain, out of the credentials of the one before: those are cached too, so that
 * an hour's end costs no sign-in as long as the assertion's role lives.
 */
async function fetchChained(
  context: AppContext,
  request: CredentialRequest,
  force: boolean,
): Promise<CachedCredentials> {
  const { openHttp } = await import("../app/open_http.ts");
  const { openAccountState } = await import("../store/account_state.ts");
  const { assumeChainedRole } = await import("./assume_chained_role.ts");
  const { ports: { clock, files }, paths } = context;
  const { chain, source, oktaAccount, assumeRoleSeconds, endpoint } = request;
  const before = chain.slice(0, -1);
  const from = before.length === 0 ? { credentials: source!.credentials } : await obtainCredentials(
    context,
    { ...request, chain: before, assumeRoleSeconds: undefined },
    force,
  );
  const last = chain.at(-1)!;
  const list = await (await openRoleList(files, paths.cache, oktaAccount)).read();
  // Before the first assertion nobody could know that it grants the role itself.
  if (!source && grantedRoles(list).some(({ roleArn }) => roleArn === last.roleArn)) {
    return await obtainCredentials(context, { ...request, chain: [last] }, force);
  }
  const sts = {
    http: await openHttp(context),
    clock,
    state: await openAccountState(files, paths.cache, oktaAccount),
    interaction: context.interaction,
  };
  return await assumeChainedRole(sts, from, last, assumeRoleSeconds, endpoint);
}

/** What only a cache miss needs is loaded only then. */
async function fetchCredentials(
  context: AppContext,
  request: CredentialRequest,
  { asked: askedAt, notBefore }: { asked: number; notBefore: number },
): Promise<CachedCredentials> {
  if (request.sso !== undefined) {
    const { portalCredentials } = await import("../identity_center/portal_source.ts");
    return await portalCredentials(context, request.sso, request);
  }
  const { openAccount } = await import("../okta/sign_in/okta_account.ts");
  const { newEnough, sharedAssertion } = await import("./shared_assertion.ts");
  const { isOfOneApp } = await import("../okta/sign_in/page_errors.ts");
  const sts = await import("./assume_role.ts");
  const { oktaAccount, chain: [base], endpoint, sessionCookieKey } = request;
  const roleArn = request.chain.at(-1)!.roleArn;
  const wanted = {
    mfa: request.mfa,
    roleArn,
    askedAt,
    ...(sessionCookieKey && { sessionCookieKey }),
  };
  const account = await openAccount(context, oktaAccount, wanted);
  const say = (line: string) => context.interaction.say(line);
  const { http, state } = account.session;
  const stsContext = { http, clock: context.ports.clock, state, say };
  const asked = context.ports.clock.now();
  const take = (app: string, since: number) => sharedAssertion(context, account, app, since);
  const granting = async (app: string) => {
    const kept = await take(app, notBefore);
    // Granted a minute ago, perhaps: the kept assertion can't know.
    const isGranted = sts.grantedRole(kept, base!.roleArn) !== undefined;
    return isGranted ? kept : await take(app, newEnough(context.interaction, asked));
  };
  let failure: OktaAwsError | undefined;
  for (const app of await appsToAsk(context, request, account.apps)) {
    const fetched = await granting(app).catch((error) => {
      if (!isOfOneApp(error)) throw error;
      failure ??= error;
      return undefined;
    });
    const role = fetched && sts.grantedRole(fetched, base!.roleArn);
    if (fetched === undefined || role === undefined) continue;
    const assume = (assertion: typeof fetched) =>
      sts.assumeGrantedRole(stsContext, assertion, role, request.duration, endpoint);
    return await sts.withNewerAssertion(fetched, asked, assume, () => take(app, asked));
  }
  throw failure ?? notGranted(base!.roleArn);
}

/** The app that the profile names or that granted the role before; else each in turn. */
async function appsToAsk(
  { ports, paths }: AppContext,
  { app, oktaAccount, chain }: CredentialRequest,
  apps: readonly string[],
): Promise<readonly string[]> {
  const list = await (await openRoleList(ports.files, paths.cache, oktaAccount)).read();
  const granting = grantedRoles(list).find((role) => role.roleArn === chain[0]!.roleArn);
  const known = [app, granting?.app].filter((one) => one !== undefined);
  if (known.length > 0) return [...new Set(known)];
  if (apps.length > 0) return apps;
  throw new SettingsError(`the settings of ${oktaAccount} name no AWS app`, {
    code: "no_app",
    hint: "run: okta-aws init",
  });
}

function notGranted(roleArn: string): AssertionError {
  return new AssertionError(`Okta does not grant you the role ${showUntrusted(roleArn)}`, {
    code: "role_not_granted",
    hint: "see what it grants: okta-aws roles --refresh",
  });
}
