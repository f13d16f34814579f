/**
 * Which of the granted roles a `refresh` is for.
 *
 * @module
 */

import type { KnownRole } from "./role_match.ts";
import { ProfileError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { naming } from "./known_roles.ts";
import { parseIni } from "../ini/document.ts";
import { editIni } from "../ini/edit.ts";
import { editFile } from "../app/edit_file.ts";

/**
 * `*` is any run of characters, `?` any one; `/` is nothing special, so `*Admin` matches `dev/Admin`.
 */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

function labelsOf({ accountId, alias, roleName }: KnownRole): string[] {
  const accounts = alias === undefined ? [accountId] : [alias, accountId];
  return accounts.map((account) => `${account}/${roleName}`);
}

function matchesGlob(role: KnownRole, glob: string): boolean {
  const pattern = globToRegExp(glob);
  return labelsOf(role).some((label) => pattern.test(label));
}

function matchesName(role: KnownRole, name: string, prefix: string): boolean {
  const { profile, roleArn, roleName, accountId, alias } = role;
  const exact = [profile, roleArn, roleName, accountId, alias, ...labelsOf(role)];
  return exact.includes(name) || profile === `${prefix}${name}` || matchesGlob(role, name);
}

/** Roles of one account. */
export interface AccountRoles {
  oktaAccount: string;
  roles: readonly KnownRole[];
}

/**
 * Selects the roles that the arguments name; without arguments, those that `roles` and
 * `exclude_roles` of the settings allow.
 *
 * @throws {ProfileError} `unknown_profile` if a name matches no role at all.
 */
export function selectRoles(
  context: AppContext,
  { oktaAccount, roles }: AccountRoles,
  names: readonly string[] = [],
): KnownRole[] {
  const { prefix } = naming(context);
  if (names.length > 0) {
    const unknown = names.find((name) => !roles.some((role) => matchesName(role, name, prefix)));
    if (unknown !== undefined) throw noSuchRole(unknown);
    // A named role is refreshed even if the settings exclude it.
    return roles.filter((role) => names.some((name) => matchesName(role, name, prefix)));
  }
  const { roles: included, exclude_roles: excluded = [] } =
    context.settings.accounts.get(oktaAccount) ?? {};
  return roles.filter((role) =>
    (included === undefined || included.some((glob) => matchesGlob(role, glob))) &&
    !excluded.some((glob) => matchesGlob(role, glob))
  );
}

function noSuchRole(name: string): ProfileError {
  return new ProfileError(`no role matches ${showUntrusted(name)}`, {
    code: "unknown_profile",
    hint: "list what it grants: okta-aws roles --refresh",
  });
}

/** `refresh` asks about more roles than this (docs/cli, "Settings"). */
const MANY = 25;

/** What the command line says. */
export interface SelectionOptions {
  /** Roles that were named. */
  names: readonly string[];
  dryRun: boolean;
}

/**
 * Whether to ask which roles are wanted: there are many, and neither settings nor arguments say.
 */
export async function isFirstOfMany(
  context: AppContext,
  { oktaAccount, roles }: AccountRoles,
  { names, dryRun }: SelectionOptions,
): Promise<boolean> {
  const { roles: included, exclude_roles: excluded } = context.settings.accounts.get(oktaAccount) ??
    {};
  if (roles.length <= MANY || names.length > 0 || dryRun || context.flags.json) return false;
  if (included !== undefined || excluded !== undefined) return false;
  return await context.interaction.canAsk();
}

/** Lists in the settings are split at commas, which a role's name may contain: `?` matches one. */
function globOf({ accountId, roleName }: KnownRole): string {
  return `${accountId}/${roleName.replaceAll(",", "?")}`;
}

/** Stores the choice as `roles` in the account's settings. */
export async function rememberChoice(
  context: AppContext,
  { oktaAccount, roles }: AccountRoles,
): Promise<void> {
  const value = roles.length === 0 ? "*" : roles.map(globOf).join(", ");
  await editFile(context, {
    path: context.paths.settings,
    change: (text) =>
      editIni(parseIni(text), [
        { kind: "set", section: `account ${oktaAccount}`, set: [["roles", value]] },
      ]),
  });
}
