/**
 * Which roles an account grants: the part of `refresh` that is loaded before the sign-in.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import type { CredentialFlags } from "../credentials/credential_request.ts";
import { openRoleSource } from "../credentials/role_source.ts";
import { readRoleLists, rolesOf } from "../roles/known_roles.ts";
import type { RoleList } from "../roles/role_list.ts";
import type { KnownRole } from "../roles/role_match.ts";
import type { LearnedRoles, LearnEvents, RoleSource } from "../roles/role_source.ts";

/** An account's roles, as it has just granted them. */
export interface LearnedAccount {
  name: string;
  source: RoleSource;
  learned: LearnedRoles;
  roles: KnownRole[];
}

/** Which credentials will be asked for. */
export interface LearnOptions extends LearnEvents {
  flags: CredentialFlags;
  /** Profiles, roles, accounts or globs; none: all roles. */
  names: readonly string[];
  /** Whether the person chooses the roles from a menu. */
  pick?: boolean;
}

/** Asks which roles an account grants. */
export async function learnAccount(
  context: AppContext,
  name: string,
  { onAccount, onBegun, flags, names, pick = false }: LearnOptions,
): Promise<LearnedAccount> {
  // Without roles from before there are no cached credentials.
  const known = rolesOf(context, await readRoleLists(context))
    .some(({ oktaAccount }) => oktaAccount === name);
  const allRoles = (flags.force === true || !known) && names.length === 0 && !pick;
  const source = await openRoleSource(context, name, { allRoles });
  const learned = await source.learn({ onAccount, onBegun });
  const roles = rolesOf(context, [askedFirst(learned.list, learned.asked)]);
  return { name, source, learned, roles };
}

/** For a role that several apps grant, prefers one that has just answered. */
function askedFirst(list: RoleList, asked: readonly string[]): RoleList {
  const given = asked.map((app) => [app, list.apps[app]!] as const);
  return { ...list, apps: { ...Object.fromEntries(given), ...list.apps } };
}
