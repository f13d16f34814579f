/**
 * Credentials for a request: from the cache, else from Okta and STS, fetched once for all processes
 * that ask at the same time.
 *
 * @module
 */

import { openCache } from "./open_cache.ts";
import { withRoleLock } from "../store/account_lock.ts";
import { grantedRoles, openRoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { cacheKey, type CredentialRequest, roleRequest } from "./credential_request.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";

type AssumeRole = typeof import("./assume_role.ts");
type RoleSources = typeof import("./role_source.ts");

/** Obtains credentials. */
export async function obtainCredentials(
  context: AppContext,
  request: CredentialRequest,
  force = false,
): Promise<IssuedCredentials> {
  const asked = context.ports.clock.now();
  const isChained = request.source !== undefined || request.chain.length > 1;
  const fetch = isChained
    ? () => fetchChained(context, request, force)
    : () => fetchFromSource(context, request, { asked, force });
  return await cachedOrFetched(context, request, { force, asked, fetch });
}

/** How {@linkcode cachedOrFetched} goes about it. */
export interface FetchOptions {
  /** Whether to ignore credentials that were cached before. */
  force: boolean;
  /** When they were asked for, milliseconds since the Unix epoch. */
  asked: number;
  /** Fetches new ones. */
  fetch: () => Promise<IssuedCredentials>;
}

/** Credentials from the cache, else fetched by one process for all that want the same. */
export async function cachedOrFetched(
  context: AppContext,
  request: CredentialRequest,
  { force, asked, fetch }: FetchOptions,
): Promise<IssuedCredentials> {
  const { ports: { clock, files }, paths, settings } = context;
  // Nothing is kept that others could wait for.
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
    const isNew = meanwhile !== undefined && meanwhile.issued >= asked &&
      meanwhile.issued <= clock.now();
    if (meanwhile !== undefined && (!force || isNew)) return meanwhile;
    const fresh = await fetch();
    await cache.write(key, fresh);
    return fresh;
  });
}

/**
 * The last role of a chain, from the credentials of the one before: those are cached too, so that
 * an hour's end costs no sign-in as long as the assertion's role lives.
 */
async function fetchChained(
  context: AppContext,
  request: CredentialRequest,
  force: boolean,
): Promise<IssuedCredentials> {
  const { openHttp } = await import("../app/open_http.ts");
  const { openAccountState } = await import("../store/account_state.ts");
  const { assumeChainedRole } = await import("./assume_role.ts" as string) as AssumeRole;
  const { ports: { clock, files }, paths } = context;
  // Under a session policy the first roles could not assume the next.
  const { sessionPolicy, ...unrestricted } = request;
  const { chain, source, oktaAccount, assumeRoleSeconds, endpoint } = request;
  const before = chain.slice(0, -1);
  const from = before.length === 0 ? { credentials: source!.credentials } : await obtainCredentials(
    context,
    { ...unrestricted, chain: before, assumeRoleSeconds: undefined },
    force,
  );
  const last = chain.at(-1)!;
  const list = await (await openRoleList(files, paths.cache, oktaAccount)).read();
  // The first assertion may have shown that it grants the role itself.
  if (!source && grantedRoles(list).some(({ roleArn }) => roleArn === last.roleArn)) {
    return await obtainCredentials(context, { ...request, chain: [last] }, force);
  }
  const sts = {
    http: await openHttp(context),
    clock,
    state: await openAccountState(files, paths.cache, oktaAccount),
    interaction: context.interaction,
  };
  return await assumeChainedRole(sts, {
    from,
    role: last,
    durationSeconds: assumeRoleSeconds,
    endpoint,
    sessionPolicy,
  });
}

async function fetchFromSource(
  context: AppContext,
  request: CredentialRequest,
  { asked, force }: { asked: number; force: boolean },
): Promise<IssuedCredentials> {
  const { openRoleSource } = await import("./role_source.ts" as string) as RoleSources;
  const { mfa, sso, sessionCookieKey } = request;
  const source = await openRoleSource(context, request.oktaAccount, {
    mfa,
    roleArn: request.chain[0]!.roleArn,
    askedAt: asked,
    ...(force && { notBefore: asked }),
    ...(sso && { sso }),
    ...(sessionCookieKey && { sessionCookieKey }),
  });
  return await source.fetch(roleRequest(request, force));
}
