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

/** `*` is any run of characters, `?` any one; `/` is nothing special, so `*Admin` fits `dev/Admin`. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i");
}

function labelsOf({ accountId, alias, roleName }: KnownRole): string[] {
  const accounts = alias === undefined ? [accountId] : [alias, accountId];
  return accounts.map((account) => `${account}/${roleName}`);
}

function fitsGlob(role: KnownRole, glob: string): boolean {
  const pattern = globToRegExp(glob);
  return labelsOf(role).some((label) => pattern.test(label));
}

function fitsWord(role: KnownRole, word: string, prefix: string): boolean {
  const { profile, roleArn, roleName, accountId, alias } = role;
  const exact = [profile, roleArn, roleName, accountId, alias, ...labelsOf(role)];
  return exact.includes(word) || profile === `${prefix}${word}` || fitsGlob(role, word);
}

/**
 * Selects roles: those that the settings' `roles` and `exclude_roles` leave, and of these the ones
 * that the command line names.
 *
 * @param oktaAccount The Okta account's name.
 * @param roles What Okta grants.
 * @param words What the command line names; nothing is all.
 * @returns The roles.
 * @throws {ProfileError} `unknown_profile` for a word that fits no role at all.
 */
export function selectRoles(
  context: AppContext,
  oktaAccount: string,
  roles: readonly KnownRole[],
  words: readonly string[],
): KnownRole[] {
  const { prefix } = naming(context);
  if (words.length > 0) {
    const lost = words.find((word) => !roles.some((role) => fitsWord(role, word, prefix)));
    if (lost !== undefined) throw noSuchRole(lost);
    // Who names a role means it, whatever the settings leave out.
    return roles.filter((role) => words.some((word) => fitsWord(role, word, prefix)));
  }
  const { roles: included, exclude_roles: excluded = [] } =
    context.settings.accounts.get(oktaAccount) ?? {};
  return roles.filter((role) =>
    (included === undefined || included.some((glob) => fitsGlob(role, glob))) &&
    !excluded.some((glob) => fitsGlob(role, glob))
  );
}

function noSuchRole(word: string): ProfileError {
  return new ProfileError(`Okta grants no role that is called ${showUntrusted(word)}`, {
    code: "unknown_profile",
    hint: "see what it grants: okta-aws roles --refresh",
  });
}

/** More roles than that are worth a question (docs/cli, "Settings"). */
const MANY = 25;

/** What the person said on the command line already. */
export interface ManyRolesOptions {
  /** The roles that were named. */
  words: readonly string[];
  /** Whether nothing is to be changed. */
  dryRun: boolean;
}

/**
 * Whether to ask which roles are wanted: there are many, and nobody has said yet.
 *
 * @param oktaAccount The Okta account's name.
 * @param roles What Okta grants.
 * @param options The command line.
 * @returns Whether to ask.
 */
export async function isFirstOfMany(
  context: AppContext,
  oktaAccount: string,
  roles: readonly KnownRole[],
  { words, dryRun }: ManyRolesOptions,
): Promise<boolean> {
  const { roles: included, exclude_roles: excluded } = context.settings.accounts.get(oktaAccount) ??
    {};
  if (roles.length <= MANY || words.length > 0 || dryRun || context.flags.json) return false;
  if (included !== undefined || excluded !== undefined) return false;
  return await context.interaction.canAsk();
}

/** A list in the settings is split at commas, which a role's name may hold: `?` fits one. */
function globOf({ accountId, roleName }: KnownRole): string {
  return `${accountId}/${roleName.replaceAll(",", "?")}`;
}

/**
 * Keeps the choice as `roles` of the account's settings.
 *
 * @param oktaAccount The Okta account's name.
 * @param roles What was chosen; nothing is all, today's and tomorrow's.
 */
export async function rememberChoice(
  context: AppContext,
  oktaAccount: string,
  roles: readonly KnownRole[],
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
