/**
 * Asks what an account grants.
 *
 * @module
 */

import { AssertionError } from "../errors.ts";
import { grantedRoles, type RoleList } from "../store/role_list.ts";
import type { Conversation } from "./conversation.ts";
import { accountName } from "./account_settings.ts";
import type { Program } from "./program.ts";

/**
 * Asks what Okta grants and remembers it.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @returns The account's role list.
 * @throws {AssertionError} `no_roles`
 */
export async function learnRoles(
  program: Program,
  conversation: Conversation,
): Promise<RoleList> {
  const { openRoleSource } = await import("./role_source.ts");
  const source = await openRoleSource(program, accountName(program), conversation);
  const { list } = await source.learn();
  if (grantedRoles(list).length === 0) throw noRoles();
  return list;
}

/**
 * The error of an assertion without a role.
 *
 * @returns The error, to be thrown.
 */
export function noRoles(): AssertionError {
  return new AssertionError("the assertion grants you no role", {
    code: "no_roles",
    hint: "ask your Okta administrator for one, or check that this is the right AWS app",
  });
}
