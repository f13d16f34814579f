/**
 * Which role an argument names: a profile that `refresh` writes, an ARN, or anything that matches
 * one role only (docs/cli, "What PROFILE names", 2 to 4).
 *
 * @module
 */

import { parseRoleArn } from "../aws/arn.ts";
import { ProfileError } from "../errors.ts";
import { grantedRoles, type RoleList } from "./role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** A role that an Okta account's app grants. */
export interface KnownRole {
  /** The Okta account's name. */
  oktaAccount: string;
  /** The app that grants it. */
  app: string;
  roleArn: string;
  /** The SAML provider. */
  principalArn: string;
  /** The AWS account's id. */
  accountId: string;
  /** The AWS account's alias: from the settings, else as AWS showed it. */
  alias: string | undefined;
  /** The alias that the settings give the AWS account. */
  settingsAlias: string | undefined;
  /** The role's name without its path. */
  roleName: string;
  profile: string | undefined;
  /** Additional profiles (`refresh --as`). */
  also?: readonly string[];
}

/**
 * The roles of one account's list.
 *
 * @returns The roles, in the assertions' order.
 */
export function knownRoles(
  list: RoleList,
  aliasOf: (accountId: string) => string | undefined,
): KnownRole[] {
  return grantedRoles(list).flatMap(({ roleArn, principalArn, app }) => {
    const arn = parseRoleArn(roleArn);
    if (arn === undefined) return [];
    const settingsAlias = aliasOf(arn.accountId);
    const also = Object.entries(list.also ?? {}).filter(([, role]) => role === roleArn)
      .map(([name]) => name);
    return [{
      oktaAccount: list.account,
      app,
      roleArn,
      principalArn,
      accountId: arn.accountId,
      alias: settingsAlias ?? list.aliases[arn.accountId],
      settingsAlias,
      roleName: arn.roleName,
      profile: list.names[roleArn]?.profile,
      ...(also.length > 0 && { also }),
    }];
  });
}

/**
 * Whether an argument describes a role.
 *
 * @param name A role's name, an account's id or alias, or `account/role`.
 */
export function isDescribed({ accountId, alias, roleName }: KnownRole, name: string): boolean {
  const labels = [accountId, alias].filter((label) => label !== undefined);
  return name === roleName || labels.includes(name) ||
    labels.some((label) => name === `${label}/${roleName}`);
}

/**
 * Finds the role that an argument names.
 *
 * @throws {ProfileError} `ambiguous_profile`
 */
export function matchRole(
  name: string,
  roles: readonly KnownRole[],
  prefix: string,
): KnownRole | undefined {
  const tests = [
    (role: KnownRole) => role.profile === name || (role.also?.includes(name) ?? false),
    (role: KnownRole) => role.profile === `${prefix}${name}`,
    (role: KnownRole) => role.roleArn === name,
    (role: KnownRole) => isDescribed(role, name),
  ];
  for (const matches of tests) {
    const found = roles.filter(matches);
    const arns = new Set(found.map((role) => role.roleArn));
    if (arns.size > 1) throw ambiguous(name, found);
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}

/** How many roles an error lists. */
const LISTED = 10;

/**
 * The error for a word that fits several roles.
 *
 * @param found May hold a role several times.
 */
export function ambiguous(word: string, found: readonly KnownRole[]): ProfileError {
  const byArn = new Map(found.map((role) => [role.roleArn, role]));
  const names = [...byArn.values()].map((role) =>
    role.profile ?? `${role.alias ?? role.accountId}/${role.roleName}`
  );
  const more = names.length > LISTED ? `, and ${names.length - LISTED} more` : "";
  const listed = names.slice(0, LISTED).map(showUntrusted).join(", ");
  const count = names.length === 1 ? "one role" : `${names.length} roles`;
  return new ProfileError(`${showUntrusted(word)} matches ${count}: ${listed}${more}`, {
    code: "ambiguous_profile",
    hint: "use one of these names, or the role's ARN",
  });
}
