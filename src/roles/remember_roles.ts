/**
 * Stores what was granted in the role list for later commands: roles, account aliases, profile
 * names. Each function locks and writes the list once.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { parseRoleArn } from "../aws/arn.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { withDocumentLock } from "../store/json_file.ts";
import { findAliases, needsAliases } from "./find_aliases.ts";
import { naming, readAccountLists, rolesOf } from "./known_roles.ts";
import { nameProfiles } from "./profile_names.ts";
import { openRoleList, type RoleList, type RoleListFile } from "./role_list.ts";

/**
 * Stores the roles of assertions. New roles get no names yet: a name contains the account's alias,
 * and only a person's command may take the time to look that up.
 */
export async function rememberRoles(
  context: AppContext,
  oktaAccount: string,
  assertions: readonly AppAssertion[],
): Promise<RoleList> {
  const file = await fileOf(context, oktaAccount);
  return await file.change((list) => withAssertions(context, list, assertions));
}

/** Stores the roles of assertions, with aliases of new AWS accounts, and profile names. */
export async function nameAndRememberRoles(
  context: AppContext,
  account: OktaAccount,
  assertions: readonly AppAssertion[],
): Promise<RoleList> {
  const file = await fileOf(context, account.name);
  const remember = async () => {
    const known = await file.read();
    const found = await Promise.all(
      assertions.map((one) => findAliases(context, account, { ...one, list: known })),
    );
    return await file.change((before) => {
      const list = withAssertions(context, before, assertions);
      const aliases = Object.assign({}, ...found.map((some) => some.aliases), list.aliases);
      const asked = Object.assign({}, list.asked, ...found.map((some) => some.asked));
      return withNames(context, { ...list, aliases, asked });
    });
  };
  const known = await file.read();
  if (!assertions.some(({ assertion }) => needsAliases(context, assertion.roles, known))) {
    return await remember();
  }
  // One process asks AWS, so that the next one finds the answer.
  return await withDocumentLock(context.ports.files, `${file.path}.names`, remember);
}

/** Names the roles of an account's list. */
export async function rememberNames(context: AppContext, account: string): Promise<RoleList> {
  const file = await fileOf(context, account);
  return await file.change((list) => withNames(context, list));
}

/** What a portal of IAM Identity Center grants. */
export interface Granted {
  /** In place of the app: the portal's URL. */
  app: string;
  roles: RoleList["apps"][string]["roles"];
  /** By AWS account id. */
  aliases: RoleList["aliases"];
}

/** Stores the roles of a portal, and names them. */
export async function rememberGranted(
  context: AppContext,
  account: string,
  { app, roles, aliases }: Granted,
): Promise<RoleList> {
  const file = await fileOf(context, account);
  return await file.change((list) => {
    // There is one portal: whatever the account had before is gone.
    const apps = { [app]: { seen: context.ports.clock.now(), roles } };
    return withNames(context, { ...list, apps, aliases: { ...aliases, ...list.aliases } });
  });
}

/** Profiles that a refresh has written to, or removed from, the credentials file. */
export interface WrittenChange {
  written: RoleList["written"];
  removed: readonly string[];
  /** Profiles that the person named (`refresh --as`). */
  also: RoleList["also"];
}

/** Stores which profiles were written; a list that says so already is not touched. */
export async function rememberWritten(
  context: AppContext,
  known: RoleList,
  { written, removed, also }: WrittenChange,
): Promise<void> {
  const apply = (list: RoleList): RoleList => {
    const all = { ...list.written, ...written };
    for (const profile of removed) delete all[profile];
    return { ...list, written: all, ...(also && { also }) };
  };
  if (JSON.stringify(apply(known)) === JSON.stringify(known)) return;
  await (await fileOf(context, known.account)).change(apply);
}

function fileOf({ ports: { files }, paths }: AppContext, account: string): Promise<RoleListFile> {
  return openRoleList(files, paths.cache, account);
}

function withAssertions(
  { ports: { clock } }: AppContext,
  list: RoleList,
  assertions: readonly AppAssertion[],
): RoleList {
  const seen = clock.now();
  const fetched = assertions.map(({ app, assertion }) =>
    [app, { seen, roles: assertion.roles.map((role) => ({ ...role })) }] as const
  );
  return { ...list, apps: { ...list.apps, ...Object.fromEntries(fetched) } };
}

async function withNames(context: AppContext, list: RoleList): Promise<RoleList> {
  const order = [...context.settings.accounts.keys()];
  const others = (await readAccountLists(context, order))
    .filter(({ account }) => account !== list.account);
  const isFirst = (other: RoleList) => order.indexOf(list.account) < order.indexOf(other.account);
  const taken = others.flatMap((other) => {
    // A name that was written stays; if both accounts wrote it, it is the first one's.
    const isMine = (profile: string) =>
      Object.hasOwn(list.written, profile) &&
      (!Object.hasOwn(other.written, profile) || isFirst(other));
    return Object.values(other.names).map(({ profile }) => profile)
      .filter((profile) => !isMine(profile));
  });
  const roles = rolesOf(context, [list]).map((role) => ({
    ...role,
    accountId: parseRoleArn(role.roleArn)!.accountId,
  }));
  const names = nameProfiles(roles, {
    naming: naming(context),
    known: list.names,
    taken: new Set(taken),
    oktaAccount: list.account,
    written: new Set(Object.keys(list.written)),
  });
  return { ...list, names: { ...list.names, ...Object.fromEntries(names) } };
}
