/**
 * The role menus: one role if PROFILE is omitted, several for `refresh --pick`.
 *
 * @module
 */

import type { KnownRole } from "../roles/role_match.ts";
import { InteractionError } from "../errors.ts";
import type { Choice } from "../ports.ts";
import { readRecentRoles } from "../roles/recent_roles.ts";
import { roleLabel } from "../roles/role_search.ts";
import { expirationsByRole } from "../credentials/open_cache.ts";
import { formatTimeLeft } from "../app/time_left.ts";
import { openRoleList, type RoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { learnUntil, noRoles } from "../credentials/role_source.ts";
import { openAccount } from "../okta/sign_in/okta_account.ts";
import { sharedAssertion } from "../credentials/shared_assertion.ts";
import type { OpenProfile } from "../credentials/resolve_request.ts";

/** The most recently used first, the others in the assertion's order. */
async function recentFirst(
  context: AppContext,
  roles: readonly KnownRole[],
  word?: string,
): Promise<KnownRole[]> {
  const { used, words } = await readRecentRoles(context);
  const forWord = word === undefined ? undefined : words.get(word.toLowerCase());
  const lastUse = ({ roleArn }: KnownRole) =>
    roleArn === forWord ? Infinity : used.get(roleArn) ?? 0;
  return roles.toSorted((a, b) => lastUse(b) - lastUse(a) || 0);
}

/** Until when each role's cached credentials are valid, milliseconds since the Unix epoch. */
async function expirations(
  context: AppContext,
  roles: readonly KnownRole[],
): Promise<Map<string, number>> {
  const accounts = [...new Set(roles.map(({ oktaAccount }) => oktaAccount))];
  const maps = await Promise.all(accounts.map((name) => expirationsByRole(context, name)));
  return new Map(maps.flatMap((map) => [...map]));
}

/** `123456789012` → `1234…9012` */
function shortId(accountId: string): string {
  return `${accountId.slice(0, 4)}…${accountId.slice(-4)}`;
}

/** A terminal narrower than this has no column of account ids. */
const WIDE_COLUMNS = 60;

/** Menu entries with aligned columns: account, role, account id, time left. */
async function roleChoices(
  context: AppContext,
  roles: readonly KnownRole[],
): Promise<Choice<KnownRole>[]> {
  const until = await expirations(context, roles);
  const now = context.ports.clock.now();
  const hasIds = context.interaction.columns >= WIDE_COLUMNS &&
    roles.some(({ alias }) => alias !== undefined);
  const rows = roles.map(({ alias, accountId, roleName, roleArn }) => [
    showUntrusted(alias ?? accountId),
    showUntrusted(roleName),
    ...hasIds ? [alias === undefined ? "" : shortId(accountId)] : [],
    ...until.size === 0 ? [] : [formatTimeLeft((until.get(roleArn) ?? 0) - now)],
  ]);
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = [0, 1, 2].map(width);
  return roles.map((role, at): Choice<KnownRole> => {
    const { profile, also = [], accountId } = role;
    const name = rows[at]!.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("   ");
    const label = roleLabel(role);
    const keywords = [label, profile, ...also, accountId].filter((word) => word !== undefined);
    return { name: name.trimEnd(), short: label, keywords: keywords.join(" "), value: role };
  });
}

async function askRole(
  context: AppContext,
  roles: readonly KnownRole[],
  word?: string,
): Promise<KnownRole> {
  if (roles.length === 0) throw noRoles();
  const terminal = await context.ports.terminal();
  const choices = await roleChoices(context, await recentFirst(context, roles, word));
  const filter = word === undefined ? {} : { filter: word };
  return await terminal.askChoice({ question: "Select a role", choices, ...filter });
}

/**
 * Asks for a role.
 *
 * @param word What the menu's filter starts with.
 * @returns The role's profile, else its ARN.
 * @throws {AssertionError} `no_roles`
 */
export async function chooseRole(
  context: AppContext,
  word?: string,
): Promise<string> {
  let roles = rolesOf(context, await readRoleLists(context));
  if (roles.length === 0) {
    const lists: RoleList[] = [];
    await learnUntil(context, (list) => Promise.resolve(void lists.push(list)));
    roles = rolesOf(context, lists);
  }
  const unique = [...new Map(roles.map((role) => [role.roleArn, role])).values()];
  const { profile, roleArn } = await askRole(context, unique, word);
  return profile ?? roleArn;
}

/**
 * Asks which role of its app a profile uses that names none; not if there is only one.
 *
 * @throws {AssertionError} `no_roles`
 * @throws {InteractionError} `role_not_chosen` if nobody can be asked.
 */
export async function chooseRoleOfApp(
  context: AppContext,
  profile: string,
  { oktaAccount, app, mfa }: OpenProfile,
): Promise<string> {
  const account = await openAccount(context, oktaAccount, { mfa });
  for (const one of app === undefined ? account.apps : [app]) {
    await sharedAssertion(context, account, { app: one });
  }
  const { ports: { files }, paths } = context;
  const list = await (await openRoleList(files, paths.cache, oktaAccount)).read();
  const apps = app === undefined ? list.apps : { [app]: list.apps[app] ?? { seen: 0, roles: [] } };
  const roles = rolesOf(context, [{ ...list, apps }]);
  if (roles.length === 1) return roles[0]!.roleArn;
  if (
    roles.length > 0 && (!context.interaction.foreground || !await context.interaction.canAsk())
  ) {
    throw notChosen(profile, roles);
  }
  return (await askRole(context, roles)).roleArn;
}

/** How many roles an error lists. */
const LISTED = 8;

function notChosen(profile: string, roles: readonly KnownRole[]): InteractionError {
  const names = roles.slice(0, LISTED).map(({ roleArn }) => showUntrusted(roleArn)).join(", ");
  const more = roles.length > LISTED ? `, and ${roles.length - LISTED} more` : "";
  return new InteractionError(
    `the profile ${
      showUntrusted(profile)
    } names no role, and its app grants several: ${names}${more}`,
    { code: "role_not_chosen", hint: "set role_arn in the AWS config file, or pass -r ARN" },
  );
}

/**
 * Asks which roles to refresh.
 *
 * @param ticked Those that are ticked at first.
 * @returns At least one.
 * @throws {AssertionError} `no_roles`
 */
export async function pickRoles(
  context: AppContext,
  roles: readonly KnownRole[],
  ticked: readonly KnownRole[],
): Promise<KnownRole[]> {
  if (roles.length === 0) throw noRoles();
  const terminal = await context.ports.terminal();
  const sorted = await recentFirst(context, roles);
  const choices = await roleChoices(context, [
    ...sorted.filter((role) => ticked.includes(role)),
    ...sorted.filter((role) => !ticked.includes(role)),
  ]);
  return await terminal.askChoices({ question: "Roles to refresh", choices, ticked });
}
