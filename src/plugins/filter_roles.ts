/**
 * The hook `roleFilter`: which roles a `refresh` is for.
 *
 * @module
 */

import type { KnownRole } from "../roles/role_match.ts";
import type { Conversation } from "../app/interaction.ts";
import type { Program } from "../app/context.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent, toPluginRole } from "./plugin_events.ts";
import { runHook, tellFailures } from "./run_hook.ts";

/**
 * Leaves the roles that every plugin leaves. One that fails, or gives no list, leaves all; none can
 * add a role.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param account The Okta account's name.
 * @param roles The roles.
 * @returns Those that are left.
 */
export async function filterRoles(
  program: Program,
  conversation: Conversation,
  account: string,
  roles: readonly KnownRole[],
): Promise<KnownRole[]> {
  if (!await hasPlugins(program)) return [...roles];
  const common = commonEvent(program, account);
  const event = { ...common, roles: roles.map(toPluginRole) };
  const results = await runHook(program, conversation, "roleFilter", () => event);
  await tellFailures(conversation, results);
  const lists = results.map(({ value }) => value).filter(Array.isArray);
  return roles.filter(({ roleArn }) => lists.every((list) => list.includes(roleArn)));
}
