/**
 * The hook `roleFilter`: which roles a `refresh` is for.
 *
 * @module
 */

import type { KnownRole } from "../roles/role_match.ts";
import type { AppContext } from "../app/context.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent, toPluginRole } from "./plugin_events.ts";
import { runHook, tellFailures } from "./run_hook.ts";

/**
 * Leaves the roles that every plugin leaves. One that fails, or gives no list, leaves all; none can
 * add a role.
 *
 * @param account The Okta account's name.
 * @param roles The roles.
 * @returns Those that are left.
 */
export async function filterRoles(
  context: AppContext,
  account: string,
  roles: readonly KnownRole[],
): Promise<KnownRole[]> {
  if (!await hasPlugins(context)) return [...roles];
  const common = commonEvent(context, account);
  const event = { ...common, roles: roles.map(toPluginRole) };
  const results = await runHook(context, "roleFilter", () => event);
  await tellFailures(context.interaction, results);
  const lists = results.map(({ value }) => value).filter(Array.isArray);
  return roles.filter(({ roleArn }) => lists.every((list) => list.includes(roleArn)));
}
