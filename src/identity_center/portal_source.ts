/**
 * Roles and credentials from the portal of IAM Identity Center.
 *
 * @module
 */

import { isTokenDead } from "./sso_response.ts";
import { credentialsRequest, processCredentials } from "./sso_portal.ts";
import { parseSsoRole, type SsoSession } from "../aws/sso_session.ts";
import { ProfileError } from "../errors.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { listPortalRoles, type PortalContext } from "./portal_roles.ts";
import { rememberGranted } from "../roles/remember_roles.ts";
import type { RoleSource } from "../roles/role_source.ts";
import { openSsoAccess, type SsoAccess } from "./sso_access.ts";
import { ssoSessionOf } from "./sso_account.ts";
import { ssoToken } from "./sso_token.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";

/**
 * Opens the source of an account with `kind = identity-center`.
 *
 * @param given The session of a profile, or one that the settings don't have yet (`init`).
 * @throws {SettingsError} `not_set_up`
 */
export async function openPortalSource(
  context: AppContext,
  name: string,
  given?: SsoSession,
): Promise<RoleSource> {
  const session = given ?? await ssoSessionOf(context, name);
  const access = await openSsoAccess(context, name, session);
  const { withToken, stopSigningIn } = tokenUser(context, access);
  return {
    name,
    async learn({ onAccount, onBegun } = {}) {
      onBegun?.();
      const { roles, aliases, skipped } = await listPortalRoles({ access, withToken, onAccount });
      for (const line of skipped) await context.interaction.say(`skipped: ${line}`);
      const app = session.startUrl;
      const list = await rememberGranted(context, name, { app, roles, aliases });
      // From here on what has been fetched must be written, even if the session ends.
      stopSigningIn();
      return { list, asked: [app], failed: [] };
    },
    fetch: ({ roleArn }) => fetchRole(access, withToken, roleArn),
  };
}

async function fetchRole(
  access: SsoAccess,
  withToken: PortalContext["withToken"],
  roleArn: string,
): Promise<IssuedCredentials> {
  const role = parseSsoRole(roleArn);
  if (role === undefined) throw notARole(roleArn);
  const { portal } = access.endpoints;
  // Open by the time that there is a token.
  access.connectEarly(portal.url);
  const issued = access.client.clock.now();
  const credentials = await withToken(async (token) => {
    const request = credentialsRequest(portal.url, token, role);
    return processCredentials(await access.send(request, { idempotent: true }));
  });
  return { credentials, issued, assumedRoleArn: roleArn };
}

function notARole(roleArn: string): ProfileError {
  return new ProfileError(`not a role of the portal: ${showUntrusted(roleArn)}`, {
    code: "bad_role_arn",
    hint: "list what there is: okta-aws roles",
  });
}

/** Requests with a token. */
interface TokenUser extends Pick<PortalContext, "withToken"> {
  /** From now on nobody is asked to sign in when the token is rejected. */
  stopSigningIn(): void;
}

/**
 * Uses one token for many requests. When the portal rejects it, it is replaced, once for all;
 * if that fails, all remaining requests fail at once, with the portal's refusal.
 */
function tokenUser(
  context: AppContext,
  access: SsoAccess,
): TokenUser {
  let current: Promise<Secret> | undefined;
  const first = async () => (await ssoToken(context, access))!.accessToken;
  const other = async (dead: Secret, error: unknown) => {
    const token = await ssoToken(context, access, { dead, signIn });
    if (token !== undefined) return token.accessToken;
    await access.tokens.remove();
    throw error;
  };
  let signIn = true;
  return {
    stopSigningIn: () => void (signIn = false),
    async withToken(work) {
      const mine = current ??= first();
      const token = await mine;
      try {
        return await work(token);
      } catch (error) {
        if (!isTokenDead(error)) throw error;
        if (current === mine) current = other(token, error);
        return await work(await current);
      }
    },
  };
}
