/**
 * Keeps what assertions granted for the commands that come: role lists, account aliases, names.
 *
 * @module
 */

import { parseRoleArn } from "../aws/arn.ts";
import { nameProfiles } from "./profile_names.ts";
import { grantedRoles, openRoleList, type RoleList } from "./role_list.ts";
import { withDocumentLock } from "../store/json_file.ts";
import { findAliases } from "./find_aliases.ts";
import { naming, readRoleLists, rolesOf } from "./known_roles.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import type { AppContext } from "../app/context.ts";

/**
 * Takes assertions into an account's role list.
 *
 * @param oktaAccount The Okta account's name.
 * @param assertions What was fetched.
 * @returns The new list. Roles that are new have no names yet: a name is made of the account's
 * alias, and only a person's command may take the time to look that up.
 */
export async function rememberRoles(
  context: AppContext,
  oktaAccount: string,
  assertions: readonly AppAssertion[],
): Promise<RoleList> {
  const { ports, paths } = context;
  const file = await openRoleList(ports.files, paths.cache, oktaAccount);
  const seen = ports.clock.now();
  const fetched = assertions.map(({ app, assertion }) =>
    [app, { seen, roles: assertion.roles.map((role) => ({ ...role })) }] as const
  );
  return await file.change((list) => ({
    ...list,
    apps: { ...list.apps, ...Object.fromEntries(fetched) },
  }));
}

/**
 * Takes assertions into an account's role list, looks up the aliases of new AWS accounts, and names
 * the roles.
 *
 * @param account The Okta account.
 * @param assertions What was fetched.
 * @returns The new list.
 */
export async function nameAndRememberRoles(
  context: AppContext,
  account: OktaAccount,
  assertions: readonly AppAssertion[],
): Promise<RoleList> {
  const { ports: { files }, paths } = context;
  await rememberRoles(context, account.name, assertions);
  const file = await openRoleList(files, paths.cache, account.name);
  // AWS is asked by one process at a time, so that the next one finds the answer.
  return await withDocumentLock(files, `${file.path}.names`, async () => {
    const known = await file.read();
    const found = await Promise.all(
      assertions.map((one) => findAliases(context, account, one, known)),
    );
    return await file.change(async (list) => {
      const aliases = Object.assign({}, ...found.map((some) => some.aliases), list.aliases);
      const asked = Object.assign({}, list.asked, ...found.map((some) => some.asked));
      const next: RoleList = { ...list, aliases, asked };
      return { ...next, names: { ...list.names, ...await nameRoles(context, next) } };
    });
  });
}

/**
 * Names the roles of an account's list.
 *
 * @param account The account's name.
 * @returns The new list.
 */
export async function rememberNames(context: AppContext, account: string): Promise<RoleList> {
  const file = await openRoleList(context.ports.files, context.paths.cache, account);
  return await file.change(async (list) => ({
    ...list,
    names: { ...list.names, ...await nameRoles(context, list) },
  }));
}

/** What a source of roles has told, other than by an assertion. */
export interface Granted {
  /** What stands for the app: the portal's URL. */
  app: string;
  /** All roles of it. */
  roles: RoleList["apps"][string]["roles"];
  /** What AWS accounts are called there, by account id. */
  aliases: RoleList["aliases"];
}

/**
 * Takes the roles of a portal into an account's role list, and names them.
 *
 * @param account The account's name.
 * @param granted What the portal has.
 * @returns The new list.
 */
export async function rememberGranted(
  context: AppContext,
  account: string,
  { app, roles, aliases }: Granted,
): Promise<RoleList> {
  const { ports: { files, clock }, paths } = context;
  const file = await openRoleList(files, paths.cache, account);
  return await file.change(async (list) => {
    // There is one portal: what an account of this name had before is over.
    const apps = { [app]: { seen: clock.now(), roles } };
    const next: RoleList = { ...list, apps, aliases: { ...aliases, ...list.aliases } };
    return { ...next, names: { ...list.names, ...await nameRoles(context, next) } };
  });
}

async function nameRoles(context: AppContext, list: RoleList): Promise<RoleList["names"]> {
  const others = (await readRoleLists(context)).filter(({ account }) => account !== list.account);
  const own = new Set(grantedRoles(list).map(({ roleArn }) => roleArn));
  const taken = others.flatMap(({ names }) =>
    Object.entries(names).filter(([arn]) => !own.has(arn)).map(([, { profile }]) => profile)
  );
  const roles = rolesOf(context, [list]).map((role) => ({
    ...role,
    accountId: parseRoleArn(role.roleArn)!.accountId,
  }));
  return Object.fromEntries(
    nameProfiles(
      roles,
      naming(context),
      list.names,
      new Set(taken),
      new Set(Object.keys(list.written)),
    ),
  );
}
