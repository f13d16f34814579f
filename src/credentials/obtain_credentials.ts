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
import type { Conversation } from "../app/interaction.ts";
import { cacheKey, type CredentialRequest } from "./credential_request.ts";
import type { Program } from "../app/context.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";

/**
 * The cache of credentials, as the settings have it.
 *
 * @param program The run.
 * @param conversation Who is asked, where the key of an encrypted cache lies under a passphrase.
 * @returns The cache.
 */
export function openCache(program: Program, conversation: Conversation): CredentialCache {
  return openCredentialCache(cacheOptions(program, conversation));
}

/**
 * How the settings want credentials, and what is made of them, to be kept.
 *
 * @param program The run.
 * @param conversation As for {@linkcode openCache}.
 * @returns What a cache needs.
 */
export function cacheOptions(
  program: Program,
  conversation: Conversation,
): CredentialCacheOptions {
  const { ports, paths, settings } = program;
  return {
    files: ports.files,
    cacheDirectory: paths.cache,
    mode: settings.program.cache ?? "file",
    now: () => ports.clock.now(),
    async sealKey(account) {
      const sessionKey = await keyOf(program, account, conversation);
      if (sessionKey !== undefined) return sessionKey;
      throw new SettingsError("cache = encrypted needs a secret store that keeps the key", {
        code: "no_seal_key",
        hint: "set cache = none in the settings, or choose another --backend",
      });
    },
  };
}

async function keyOf(
  program: Program,
  account: string,
  conversation: Conversation,
): Promise<Secret | undefined> {
  if (isIdentityCenter(program, account)) {
    const { portalSealKey } = await import("../identity_center/portal_seal_key.ts");
    return await portalSealKey(program, account, conversation);
  }
  const { openAccount } = await import("../okta/sign_in/okta_account.ts");
  return (await (await openAccount(program, account, conversation)).secrets()).sessionKey;
}

/**
 * Obtains credentials.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param request What is wanted.
 * @param force Whether cached ones are passed over.
 * @returns The credentials.
 */
export async function obtainCredentials(
  program: Program,
  conversation: Conversation,
  request: CredentialRequest,
  force = false,
): Promise<CachedCredentials> {
  const asked = program.ports.clock.now();
  const isChained = request.source !== undefined || request.chain.length > 1;
  const fetch = isChained
    ? () => fetchChained(program, conversation, request, force)
    : () =>
      fetchCredentials(program, conversation, request, { asked, notBefore: force ? asked : 0 });
  return await cachedOrFetched(program, conversation, request, { force, asked, fetch });
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
 * @param program The run.
 * @param conversation Who is told.
 * @param request What is wanted.
 * @param options How.
 * @returns The credentials.
 */
export async function cachedOrFetched(
  program: Program,
  conversation: Conversation,
  request: CredentialRequest,
  { force, asked, fetch }: FetchOptions,
): Promise<CachedCredentials> {
  const { ports: { files }, paths, settings } = program;
  // Nothing is left for those who would wait.
  if (settings.program.cache === "none") return await fetch();
  const cache = openCache(program, conversation);
  const key = cacheKey(request);
  const cached = force ? undefined : await cache.read(key);
  if (cached !== undefined) return cached;
  const { oktaAccount } = request;
  const document = await cache.path(key);
  const role = showUntrusted(request.chain.at(-1)!.roleArn);
  const onWait = () => void conversation.say(`waiting for another okta-aws that asks for ${role}`);
  return await withRoleLock(files, paths.cache, oktaAccount, document, onWait, async () => {
    const meanwhile = await cache.read(key);
    if (meanwhile !== undefined && (!force || meanwhile.issued >= asked)) return meanwhile;
    const fresh = await fetch();
    await cache.write(key, fresh);
    return fresh;
  }, conversation.canAsk);
}

/**
 * The last role of a chain, out of the credentials of the one before: those are cached too, so that
 * an hour's end costs no sign-in as long as the assertion's role lives.
 */
async function fetchChained(
  program: Program,
  conversation: Conversation,
  request: CredentialRequest,
  force: boolean,
): Promise<CachedCredentials> {
  const { openHttp } = await import("../app/open_http.ts");
  const { openAccountState } = await import("../okta/sign_in/account_state.ts");
  const { assumeChainedRole } = await import("./assume_chained_role.ts");
  const { ports: { clock, files }, paths } = program;
  const { chain, source, oktaAccount, assumeRoleSeconds, endpoint } = request;
  const before = chain.slice(0, -1);
  const from = before.length === 0 ? { credentials: source!.credentials } : await obtainCredentials(
    program,
    conversation,
    { ...request, chain: before, assumeRoleSeconds: undefined },
    force,
  );
  const last = chain.at(-1)!;
  const list = await (await openRoleList(files, paths.cache, oktaAccount)).read();
  // Before the first assertion nobody could know that it grants the role itself.
  if (!source && grantedRoles(list).some(({ roleArn }) => roleArn === last.roleArn)) {
    return await obtainCredentials(program, conversation, { ...request, chain: [last] }, force);
  }
  const context = {
    http: await openHttp(program),
    clock,
    state: await openAccountState(files, paths.cache, oktaAccount),
    conversation,
  };
  return await assumeChainedRole(context, from, last, assumeRoleSeconds, endpoint);
}

/** What only a cache miss needs is loaded only then. */
async function fetchCredentials(
  program: Program,
  conversation: Conversation,
  request: CredentialRequest,
  { asked: askedAt, notBefore }: { asked: number; notBefore: number },
): Promise<CachedCredentials> {
  if (request.sso !== undefined) {
    const { portalCredentials } = await import("../identity_center/portal_source.ts");
    return await portalCredentials(program, conversation, request.sso, request);
  }
  const { openAccount } = await import("../okta/sign_in/okta_account.ts");
  const { newEnough, sharedAssertion } = await import("./shared_assertion.ts");
  const { isOfOneApp } = await import("../okta/sign_in/page_errors.ts");
  const sts = await import("./assume_role.ts");
  const { oktaAccount, chain: [base], endpoint, sessionCookieKey } = request;
  const roleArn = request.chain.at(-1)!.roleArn;
  const wanted = { roleArn, askedAt, ...(sessionCookieKey && { sessionCookieKey }) };
  const account = await openAccount(program, oktaAccount, conversation, request.mfa, wanted);
  const say = (line: string) => conversation.say(line);
  const context = { http: account.http, clock: program.ports.clock, state: account.state, say };
  const asked = program.ports.clock.now();
  const take = (app: string, since: number) =>
    sharedAssertion(program, account, conversation, app, since);
  const granting = async (app: string) => {
    const kept = await take(app, notBefore);
    // Granted a minute ago, perhaps: the kept assertion can't know.
    const isGranted = sts.grantedRole(kept, base!.roleArn) !== undefined;
    return isGranted ? kept : await take(app, newEnough(conversation, asked));
  };
  let failure: OktaAwsError | undefined;
  for (const app of await appsToAsk(program, request, account.apps)) {
    const fetched = await granting(app).catch((error) => {
      if (!isOfOneApp(error)) throw error;
      failure ??= error;
      return undefined;
    });
    const role = fetched && sts.grantedRole(fetched, base!.roleArn);
    if (fetched === undefined || role === undefined) continue;
    const assume = (assertion: typeof fetched) =>
      sts.assumeGrantedRole(context, assertion, role, request.duration, endpoint);
    return await sts.withNewerAssertion(fetched, asked, assume, () => take(app, asked));
  }
  throw failure ?? notGranted(base!.roleArn);
}

/** The app that the profile names or that granted the role before; else each in turn. */
async function appsToAsk(
  { ports, paths }: Program,
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
