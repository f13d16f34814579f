/**
 * Credentials for a request: out of the cache, else through Okta and STS, once for everybody who
 * asks at the same time.
 *
 * @module
 */

import { AssertionError, SettingsError } from "../errors.ts";
import { withAccountLock } from "../store/account_lock.ts";
import {
  type CachedCredentials,
  type CredentialCache,
  openCredentialCache,
} from "../store/credential_cache.ts";
import { grantedRoles, openRoleList } from "../store/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import { cacheKey, type CredentialRequest } from "./credential_request.ts";
import type { Program } from "./program.ts";

/**
 * The cache of credentials, as the settings have it.
 *
 * @param program The run.
 * @param conversation Who is asked, where the key of an encrypted cache lies under a passphrase.
 * @returns The cache.
 */
export function openCache(program: Program, conversation: Conversation): CredentialCache {
  const { ports, paths, settings } = program;
  return openCredentialCache({
    files: ports.files,
    cacheDirectory: paths.cache,
    mode: settings.program.cache ?? "file",
    now: () => ports.clock.now(),
    async sealKey(account) {
      const { openAccount } = await import("./okta_account.ts");
      const { sessionKey } = await (await openAccount(program, account, conversation)).secrets();
      if (sessionKey !== undefined) return sessionKey;
      throw new SettingsError("cache = encrypted needs a secret store that keeps the key", {
        code: "no_seal_key",
        hint: "set cache = none in the settings, or choose another --backend",
      });
    },
  });
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
  const cache = openCache(program, conversation);
  const key = cacheKey(request);
  const asked = program.ports.clock.now();
  const cached = force ? undefined : await cache.read(key);
  if (cached !== undefined) return cached;
  const { ports, paths } = program;
  return await withAccountLock(ports.files, paths.cache, request.oktaAccount, () => {
    void conversation.say(`waiting for another okta-aws that signs in as ${request.oktaAccount}`);
  }, async () => {
    const meanwhile = await cache.read(key);
    if (meanwhile !== undefined && (!force || meanwhile.issued >= asked)) return meanwhile;
    const fresh = await fetchCredentials(program, conversation, request, asked);
    await cache.write(key, fresh);
    return fresh;
  });
}

/** What only a cache miss needs is loaded only then. */
async function fetchCredentials(
  program: Program,
  conversation: Conversation,
  request: CredentialRequest,
  askedAt: number,
): Promise<CachedCredentials> {
  const { openAccount } = await import("./okta_account.ts");
  const { obtainAssertion } = await import("./obtain_assertion.ts");
  const sts = await import("./assume_role.ts");
  const { rememberRoles } = await import("./remember_roles.ts");
  const { oktaAccount, chain: [base, ...steps], endpoint } = request;
  const wanted = { roleArn: request.chain.at(-1)!.roleArn, askedAt };
  const account = await openAccount(program, oktaAccount, conversation, request.mfa, wanted);
  const say = (line: string) => conversation.say(line);
  const context = { http: account.http, clock: program.ports.clock, state: account.state, say };
  for (const app of await appsToAsk(program, request, account.apps)) {
    const fetched = await obtainAssertion(account, conversation, app);
    await rememberRoles(program, oktaAccount, [fetched]);
    const role = sts.grantedRole(fetched, base!.roleArn);
    if (role === undefined) continue;
    let held = await sts.assumeGrantedRole(context, fetched, role, request.duration, endpoint);
    for (const step of steps) {
      const seconds = step === steps.at(-1) ? request.assumeRoleSeconds : undefined;
      held = await sts.assumeChainedRole(context, held, step, seconds, endpoint);
    }
    return held;
  }
  throw notGranted(base!.roleArn);
}

/** The app that granted the role before is asked alone; else each in turn. */
async function appsToAsk(
  { ports, paths }: Program,
  { app, oktaAccount, chain }: CredentialRequest,
  apps: readonly string[],
): Promise<readonly string[]> {
  if (app !== undefined) return [app];
  const list = await (await openRoleList(ports.files, paths.cache, oktaAccount)).read();
  const granting = grantedRoles(list).find((role) => role.roleArn === chain[0]!.roleArn);
  if (granting !== undefined) return [granting.app];
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
