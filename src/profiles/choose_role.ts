/**
 * The role menus: one role if PROFILE is omitted, several for `refresh --pick`.
 *
 * @module
 */

import { isDescribed, type KnownRole } from "../roles/role_match.ts";
import { InteractionError } from "../errors.ts";
import type { Choice } from "../ports.ts";
import { readRecentRoles } from "../roles/recent_roles.ts";
import { openRoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { learnRoles, noRoles } from "../credentials/role_source.ts";
import { openAccount } from "../okta/sign_in/okta_account.ts";
import { sharedAssertion } from "../credentials/shared_assertion.ts";
import type { OpenProfile } from "../credentials/resolve_request.ts";

function roleLabel({ profile, alias, accountId, roleName }: KnownRole): string {
  return showUntrusted(`${profile ?? ""}  ${alias ?? accountId}/${roleName}`.trim());
}

/** The most recently used first, the others in the assertion's order. */
async function recentFirst(
  context: AppContext,
  roles: readonly KnownRole[],
): Promise<KnownRole[]> {
  const used = await readRecentRoles(context);
  const lastUse = ({ roleArn }: KnownRole) => used.get(roleArn) ?? 0;
  return roles.toSorted((a, b) => lastUse(b) - lastUse(a));
}

async function askRole(context: AppContext, roles: readonly KnownRole[]): Promise<KnownRole> {
  if (roles.length === 0) throw noRoles();
  const terminal = await context.ports.terminal();
  const choices = (await recentFirst(context, roles))
    .map((role) => ({ name: roleLabel(role), value: role }));
  return await terminal.askChoice({ question: "Role", choices });
}

/**
 * Asks for a role.
 *
 * @throws {AssertionError} `no_roles`
 */
export async function chooseRole(
  context: AppContext,
  word?: string,
): Promise<string> {
  let roles = rolesOf(context, await readRoleLists(context));
  if (roles.length === 0) roles = rolesOf(context, [await learnRoles(context)]);
  const { profile, roleArn } = await askRole(
    context,
    word === undefined ? roles : roles.filter((role) => isDescribed(role, word)),
  );
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
 * Asks for roles until the person is done; none selected means all.
 *
 * @throws {AssertionError} `no_roles`
 */
export async function pickRoles(
  context: AppContext,
  roles: readonly KnownRole[],
): Promise<KnownRole[]> {
  if (roles.length === 0) throw noRoles();
  const terminal = await context.ports.terminal();
  const sorted = await recentFirst(context, roles);
  const picked = new Set<KnownRole>();
  for (;;) {
    const label = picked.size === 0
      ? `All ${roles.length} roles`
      : `Done (${picked.size} selected)`;
    const choices: Choice<KnownRole | undefined>[] = [
      { name: label, value: undefined },
      ...sorted.map((role) => ({
        name: `${picked.has(role) ? "[x]" : "[ ]"} ${roleLabel(role)}`,
        value: role,
      })),
    ];
    const role = await terminal.askChoice({ question: "Roles to refresh", choices });
    if (role === undefined) return picked.size === 0 ? [...roles] : [...picked];
    if (!picked.delete(role)) picked.add(role);
  }
}
