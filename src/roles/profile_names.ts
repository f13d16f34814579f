/**
 * Where profile names are made, for `refresh` and all commands (docs/cli, "Profiles that `refresh`
 * writes").
 *
 * @module
 */

import type { ProfileName } from "./role_list.ts";

/** A role that needs a profile name. */
export interface NamelessRole {
  /** Its ARN. */
  roleArn: string;
  accountId: string;
  /** The account's alias: from the settings, else as AWS showed it. */
  alias: string | undefined;
  /** The alias in the settings: only this one renames profiles that have been written. */
  settingsAlias?: string | undefined;
  /** The role's name without its path. */
  roleName: string;
}

export const DEFAULT_TEMPLATE = "{prefix}{account}-{role}";

export const DEFAULT_PREFIX = "okta-";

/** How names are made. */
export interface Naming {
  /** The template, with the placeholders of the setting `profile_name` in braces. */
  template: string;
  /** The value of `{prefix}`. */
  prefix: string;
}

function fill({ template, prefix }: Naming, role: NamelessRole): string {
  const { accountId, alias, roleName } = role;
  const values: Record<string, string> = {
    prefix,
    account: alias ?? accountId,
    account_id: accountId,
    alias: alias ?? "",
    role: roleName,
  };
  const filled = template.replace(
    /\{(\w+)\}/g,
    (whole, name: string) => (Object.hasOwn(values, name) ? values[name] : undefined) ?? whole,
  );
  return filled.replace(/[^A-Za-z0-9_.@:+/-]/gu, "-");
}

const VALID = /^[A-Za-z0-9_.@:+/-]+$/;

/** The path distinguishes roles of one account that have the same name. */
function longName(naming: Naming, role: NamelessRole): string {
  const path = role.roleArn.slice(role.roleArn.indexOf(":role/") + ":role/".length);
  return `${fill(naming, { ...role, roleName: path })}-${role.accountId}`;
}

function countBy(names: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** The part of a basis that the person decides; the rest is the account's label. */
function decided({ template, prefix }: Naming, { settingsAlias }: NamelessRole): string {
  return `${JSON.stringify([template, prefix, settingsAlias ?? null])} `;
}

function basisOf(naming: Naming, role: NamelessRole): string {
  return decided(naming, role) + (role.alias ?? role.accountId);
}

/** What names depend on besides the roles. */
export interface NamingContext {
  naming: Naming;
  /** Names given before, by role ARN; roles that are not granted at present keep theirs. */
  known: Readonly<Record<string, ProfileName>>;
  /** Names of other Okta accounts' profiles. */
  taken: ReadonlySet<string>;
  /** The Okta account, put in front of a name that another one has. */
  oktaAccount?: string | undefined;
  /** Profiles that have been written: people rely on their names. */
  written?: ReadonlySet<string>;
}

/**
 * Gives every role a unique profile name. A role keeps its name as long as template, prefix and
 * account label stay the same; a profile that has been written keeps it also if an alias is found
 * later. Names that collide all get the account id appended.
 *
 * @returns The names by role ARN, in the order of `roles`.
 */
export function nameProfiles(
  roles: readonly NamelessRole[],
  { naming, known, taken, oktaAccount, written = new Set() }: NamingContext,
): Map<string, ProfileName> {
  const kept = new Map<string, string>();
  const used = new Set([...taken, ...namesOfAbsent(roles, naming, known)]);
  for (const role of roles) {
    const name = known[role.roleArn];
    if (name === undefined || used.has(name.profile) || !VALID.test(name.profile)) continue;
    const stays = written.has(name.profile)
      ? name.basis.startsWith(decided(naming, role))
      : name.basis === basisOf(naming, role);
    if (!stays) continue;
    kept.set(role.roleArn, name.profile);
    used.add(name.profile);
  }
  const nameless = roles.filter((role) => !kept.has(role.roleArn));
  const usual = (role: NamelessRole) => {
    const name = fill(naming, role);
    return oktaAccount !== undefined && taken.has(name) ? `${oktaAccount}-${name}` : name;
  };
  const named = nameFresh(nameless, { naming, usual, used });
  return new Map(roles.map((role) => {
    const profile = kept.get(role.roleArn) ?? named.get(role.roleArn)!;
    return [role.roleArn, { profile, basis: basisOf(naming, role) }];
  }));
}

/** The roles may come back: until then their names must not mean another account. */
function namesOfAbsent(
  roles: readonly NamelessRole[],
  { template, prefix }: Naming,
  known: Readonly<Record<string, ProfileName>>,
): string[] {
  const present = new Set(roles.map(({ roleArn }) => roleArn));
  const sameNaming = JSON.stringify([template, prefix]).slice(0, -1);
  return Object.entries(known)
    .filter(([roleArn, { basis }]) => !present.has(roleArn) && basis.startsWith(sameNaming))
    .map(([, { profile }]) => profile);
}

function nameFresh(
  roles: readonly NamelessRole[],
  { naming, usual, used }: {
    naming: Naming;
    usual: (role: NamelessRole) => string;
    used: Set<string>;
  },
): Map<string, string> {
  const ways = [
    usual,
    (role: NamelessRole) => `${fill(naming, role)}-${role.accountId}`,
    (role: NamelessRole) => longName(naming, role),
  ];
  const named = new Map<string, string>();
  let nameless = [...roles];
  for (const way of ways) {
    const counts = countBy(nameless.map(way));
    for (const role of nameless) {
      const name = way(role);
      if (name !== "" && counts.get(name) === 1 && !used.has(name)) named.set(role.roleArn, name);
    }
    nameless = nameless.filter((role) => !named.has(role.roleArn));
    for (const name of named.values()) used.add(name);
  }
  for (const role of nameless) named.set(role.roleArn, numbered(longName(naming, role), used));
  return named;
}

/** The last resort: roles whose names differ only in characters that a profile name can't hold. */
function numbered(name: string, used: Set<string>): string {
  for (let number = 2;; number++) {
    const candidate = `${name}-${number}`;
    if (used.has(candidate)) continue;
    used.add(candidate);
    return candidate;
  }
}
