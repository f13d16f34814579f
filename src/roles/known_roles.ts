/**
 * The cached roles of all accounts. On the path of every `cred-process`.
 *
 * @module
 */

import { DEFAULT_PREFIX, DEFAULT_TEMPLATE, type Naming } from "./profile_names.ts";
import { type KnownRole, knownRoles } from "./role_match.ts";
import { openRoleList, type RoleList } from "./role_list.ts";
import { accountName, accountSettings } from "../settings/account_settings.ts";
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
  const { settings, flags, ports } = context;
  const chosen = flags.account ?? ports.environment.get("OKTA_AWS_ACCOUNT");
  return readAccountLists(
    context,
    chosen === undefined ? [...settings.accounts.keys()] : [chosen],
  );
}

/** The role lists of accounts, by their names. */
export function readAccountLists(
  { ports, paths }: LocalContext,
  names: readonly string[],
): Promise<RoleList[]> {
  return Promise.all(
    names.map(async (name) => (await openRoleList(ports.files, paths.cache, name)).read()),
  );
}

/**
 * The accounts whose roles a command is for: the one that `--account` or OKTA_AWS_ACCOUNT names, else
 * all of the settings, the default one first.
 *
 * @throws {SettingsError} `not_set_up`
 */
export function accountNames(context: LocalContext): string[] {
  const { settings, flags, ports: { environment } } = context;
  const first = accountName(context);
  const isChosen = (flags.account ?? environment.get("OKTA_AWS_ACCOUNT")) !== undefined;
  const known = [...settings.accounts.keys()];
  if (isChosen || !known.includes(first) && known.length === 0) {
    accountSettings(context, first);
    return [first];
  }
  return known.toSorted((a, b) => Number(b === first) - Number(a === first));
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
