/**
 * Somebody with hundreds of roles needs a few: the first `refresh` at a terminal asks which, and the
 * settings keep the answer.
 *
 * @module
 */

import type { KnownRole } from "./role_match.ts";
import { parseIni } from "../ini/document.ts";
import { editIni } from "../ini/edit.ts";
import type { AppContext } from "../app/context.ts";
import { editFile } from "../app/edit_file.ts";

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
