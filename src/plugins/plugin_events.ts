/**
 * What plugins are told at each moment. Credentials are among it only for those that were granted
 * them.
 *
 * @module
 */

import type { SessionCredentials } from "../aws/sts/session_credentials.ts";
import type { KnownRole } from "../roles/role_match.ts";
import type { PluginCredentials, PluginEvent, PluginProfile, PluginRole } from "./events.ts";
import type { Grant } from "./grants.ts";
import type { AppContext } from "../app/context.ts";
import type { RefreshedRole } from "../profiles/refresh.ts";

/**
 * What every event has.
 *
 * @param account The Okta account's name.
 * @returns The members.
 */
export function commonEvent({ ports }: AppContext, account: string): PluginEvent {
  return { account, home: ports.environment.home };
}

/**
 * A role, for plugins.
 *
 * @param role The role.
 * @returns Its members.
 */
export function toPluginRole({ accountId, alias, roleName, roleArn }: KnownRole): PluginRole {
  return { accountId, accountAlias: alias ?? null, roleName, roleArn };
}

/**
 * Credentials, for plugins that were granted them.
 *
 * @param grant What the plugin was granted.
 * @param credentials The credentials.
 * @returns A member `credentials`, or none.
 */
export function credentialsFor(
  { permissions }: Grant,
  { accessKeyId, secretAccessKey, sessionToken }: SessionCredentials,
): { credentials?: PluginCredentials } {
  if (!permissions.credentials) return {};
  const [secret, token] = [secretAccessKey.reveal(), sessionToken.reveal()];
  return { credentials: { accessKeyId, secretAccessKey: secret, sessionToken: token } };
}

/**
 * A profile that was renewed, for one plugin.
 *
 * @param grant What the plugin was granted.
 * @param role The profile.
 * @returns Its members.
 */
export function toPluginProfile(grant: Grant, role: RefreshedRole): PluginProfile {
  return {
    profile: role.profile,
    ...toPluginRole(role),
    region: role.region ?? null,
    expiration: role.expiration.toISOString(),
    ...credentialsFor(grant, role.credentials),
  };
}
