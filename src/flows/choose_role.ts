/**
 * The menu of roles, where a person left PROFILE out.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import { learnRoles } from "./learn_roles.ts";
import type { Program } from "./program.ts";
import { readRoleLists, rolesOf } from "./known_roles.ts";

/**
 * Asks for a role.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @returns What the role is called: its profile, or its ARN where it has none.
 * @throws {AssertionError} `no_roles`
 */
export async function chooseRole(program: Program, conversation: Conversation): Promise<string> {
  let roles = rolesOf(program, await readRoleLists(program));
  if (roles.length === 0) roles = rolesOf(program, [await learnRoles(program, conversation)]);
  const terminal = await program.ports.terminal();
  return await terminal.askChoice({
    question: "Role",
    choices: roles.map(({ roleArn, profile, alias, accountId, roleName }) => ({
      name: showUntrusted(`${profile ?? ""}  ${alias ?? accountId}/${roleName}`.trim()),
      value: profile ?? roleArn,
    })),
  });
}
