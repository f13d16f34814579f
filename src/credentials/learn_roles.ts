/**
 * Asks what an account grants.
 *
 * @module
 */

import { AssertionError } from "../errors.ts";
import { grantedRoles, type RoleList } from "../roles/role_list.ts";
import type { AppContext } from "../app/context.ts";
import { accountName } from "../settings/account_settings.ts";

/**
 * Asks what Okta grants and remembers it.
 *
 * @param name The account's name; that of the command line where it is left out.
 * @returns The account's role list.
 * @throws {AssertionError} `no_roles`
 */
export async function learnRoles(
  context: AppContext,
  name: string = accountName(context),
): Promise<RoleList> {
  const { openRoleSource } = await import("./role_source.ts");
  const source = await openRoleSource(context, name);
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
