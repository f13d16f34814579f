/** What the page shows: accounts and their roles. @module */

import type { AppContext } from "../../app/context.ts";
import { expirationsByRole } from "../../credentials/open_cache.ts";
import { isIdentityCenter } from "../../identity_center/sso_account.ts";
import { openSessionStore } from "../../okta/sign_in/kept_session.ts";
import { rolesOf } from "../../roles/known_roles.ts";
import { readRecentRoles } from "../../roles/recent_roles.ts";
import { openRoleList } from "../../roles/role_list.ts";
import type { KnownRole } from "../../roles/role_match.ts";
import { showUntrusted } from "../../untrusted_text.ts";

export interface PageRole {
  role: KnownRole;
  /** What to type or copy for it. */
  name: string;
  region: string | undefined;
  /** Milliseconds since the Unix epoch. */
  expiration: number | undefined;
}

export interface PageAccount {
  name: string;
  /** Who is signed in where. */
  description: string;
  /** Since when there is a session, milliseconds since the Unix epoch; for Okta alone. */
  signedInAt: number | undefined;
  roles: PageRole[];
}

/** The accounts of the settings in their order, each with its roles, those used last first. */
export async function readPage(context: AppContext): Promise<PageAccount[]> {
  const { used } = await readRecentRoles(context);
  const chosen = context.flags.account;
  const names = [...context.settings.accounts.keys()]
    .filter((name) => chosen === undefined || name === chosen);
  return await Promise.all(names.map((name) => readAccount(context, name, used)));
}

async function readAccount(
  context: AppContext,
  name: string,
  used: ReadonlyMap<string, number>,
): Promise<PageAccount> {
  const { ports: { files }, paths, settings } = context;
  const { org, username, region } = settings.accounts.get(name) ?? {};
  const list = await (await openRoleList(files, paths.cache, name)).read();
  const expirations = await expirationsByRole(context, name);
  const order = ({ role }: PageRole) => used.get(role.roleArn) ?? 0;
  const roles = rolesOf(context, [list]).map((role): PageRole => ({
    role,
    name: role.profile ?? role.roleArn,
    region: settings.awsAccounts.get(role.accountId)?.region ?? region,
    expiration: expirations.get(role.roleArn),
  }));
  roles.sort((a, b) => order(b) - order(a) || labelOf(a).localeCompare(labelOf(b)));
  const isPortal = isIdentityCenter(context, name);
  const sessions = !isPortal && org !== undefined
    ? await openSessionStore(files, {
      cacheDirectory: paths.cache,
      account: name,
      org,
      username,
    })
    : undefined;
  return {
    name,
    description: isPortal
      ? "IAM Identity Center"
      : showUntrusted(`${username ?? "?"} at ${org === undefined ? "?" : new URL(org).host}`),
    signedInAt: await sessions?.signedInAt() || undefined,
    roles,
  };
}

export function labelOf({ role }: PageRole): string {
  return showUntrusted(`${role.alias ?? role.accountId}/${role.roleName}`);
}

/** @returns `undefined` if the account does not have the role. */
export async function findRole(
  context: AppContext,
  account: string,
  roleArn: string,
): Promise<KnownRole | undefined> {
  if (!context.settings.accounts.has(account)) return undefined;
  const list = await (await openRoleList(context.ports.files, context.paths.cache, account)).read();
  return rolesOf(context, [list]).find((role) => role.roleArn === roleArn);
}
