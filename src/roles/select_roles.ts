/**
 * Which of the granted roles a `refresh` is for.
 *
 * @module
 */

import { ambiguous, type KnownRole } from "./role_match.ts";
import { ProfileError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { naming } from "./known_roles.ts";
import { parseIni } from "../ini/document.ts";

type EditFile = typeof import("../app/edit_file.ts");
type EditIni = typeof import("../ini/edit.ts");

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
 * @param names At a terminal a part of a name is enough: every role that has it is selected.
 * @throws {ProfileError} `unknown_profile` if a name matches no role at all; `ambiguous_profile` if
 * it is a part of a name and there is no terminal.
 */
export async function selectRoles(
  context: AppContext,
  account: AccountRoles,
  names: readonly string[] = [],
): Promise<KnownRole[]> {
  const { prefix } = naming(context);
  const { roles } = account;
  if (names.length > 0) {
    // A named role is refreshed even if the settings exclude it.
    const selected = new Set<KnownRole>();
    for (const name of names) {
      const exact = roles.filter((role) => matchesName(role, name, prefix));
      const some = exact.length > 0 ? exact : await selectByPart(context, roles, name);
      for (const role of some) selected.add(role);
    }
    return roles.filter((role) => selected.has(role));
  }
  return rolesOfSettings(context, account);
}

/** The roles that `roles` and `exclude_roles` of the settings allow. */
export function rolesOfSettings(
  { settings }: AppContext,
  { oktaAccount, roles }: AccountRoles,
): KnownRole[] {
  const { roles: included, exclude_roles: excluded = [] } = settings.accounts.get(oktaAccount) ??
    {};
  return roles.filter((role) =>
    (included === undefined || included.some((glob) => matchesGlob(role, glob))) &&
    !excluded.some((glob) => matchesGlob(role, glob))
  );
}

/** Whether an argument names a role exactly. */
export function namesRole(context: AppContext, role: KnownRole, name: string): boolean {
  return matchesName(role, name, naming(context).prefix);
}

async function selectByPart(
  { interaction }: AppContext,
  roles: readonly KnownRole[],
  name: string,
): Promise<KnownRole[]> {
  const { didYouMean, roleLabel, searchRoles, suggestNames } = await import("./role_search.ts");
  const found = searchRoles(name, roles);
  const [only] = found;
  if (only === undefined) {
    const [glob] = /[*?]/.test(name)
      ? [`*${name}`, `*${name}*`].filter((one) => fitsAny(roles, one))
      : [];
    const similar = glob === undefined ? suggestNames(name, roles) : [`'${glob}'`];
    throw noSuchRole(`${showUntrusted(name)}${didYouMean(similar)}`);
  }
  if (!await interaction.canAsk()) throw ambiguous(name, found);
  const label = found.length === 1 ? roleLabel(only) : `${found.length} roles`;
  await interaction.say(`→ ${label}`);
  return found;
}

function fitsAny(roles: readonly KnownRole[], glob: string): boolean {
  return roles.some((role) => matchesGlob(role, glob));
}

function noSuchRole(name: string): ProfileError {
  return new ProfileError(`no role matches ${name}`, {
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
  const { editFile } = await import("../app/edit_file.ts" as string) as EditFile;
  const { editIni } = await import("../ini/edit.ts" as string) as EditIni;
  const value = roles.length === 0 ? "*" : roles.map(globOf).join(", ");
  await editFile(context, {
    path: context.paths.settings,
    change: (text) =>
      editIni(parseIni(text), [
        { kind: "set", section: `account ${oktaAccount}`, set: [["roles", value]] },
      ]),
  });
}
