/**
 * The cached roles of all accounts. On the path of every `cred-process`.
 *
 * @module
 */

import { DEFAULT_PREFIX, DEFAULT_TEMPLATE, type Naming } from "./profile_names.ts";
import { type KnownRole, knownRoles } from "./role_match.ts";
import { openRoleList, type RoleList } from "./role_list.ts";
import type { LocalContext } from "../app/context.ts";

/** How profiles are named. */
export function naming({ settings: { program } }: LocalContext): Naming {
  return {
    template: program.profile_name ?? DEFAULT_TEMPLATE,
    prefix: program.profile_prefix ?? DEFAULT_PREFIX,
  };
}

/**
 * The role lists of all Okta accounts of the settings, or of the one that `--account` names.
 *
 * @returns Empty lists for accounts that have never been asked.
 */
export function readRoleLists(context: LocalContext): Promise<RoleList[]> {
  const { settings, flags, ports, paths } = context;
  const chosen = flags.account ?? ports.environment.get("OKTA_AWS_ACCOUNT");
  const names = chosen === undefined ? [...settings.accounts.keys()] : [chosen];
  return Promise.all(
    names.map(async (name) => (await openRoleList(ports.files, paths.cache, name)).read()),
  );
}

/** The roles of some lists, with the aliases of the settings. */
export function rolesOf(context: LocalContext, lists: readonly RoleList[]): KnownRole[] {
  const { awsAccounts } = context.settings;
  const aliasOf = (id: string) => awsAccounts.get(id)?.alias;
  return lists.flatMap((list) => {
    // If several apps grant a role, the settings may say whose assertion is used.
    const grants = (app: string | undefined, roleArn: string) =>
      app !== undefined && list.apps[app]?.roles.some((role) => role.roleArn === roleArn);
    return knownRoles(list, aliasOf).map((role) => {
      const app = awsAccounts.get(role.accountId)?.app;
      return grants(app, role.roleArn) ? { ...role, app: app! } : role;
    });
  });
}

/** The output format that the settings give the AWS account of a role. */
export function outputFor({ settings }: LocalContext, roleArn: string): string | undefined {
  return settings.awsAccounts.get(roleArn.split(":")[4] ?? "")?.output;
}
