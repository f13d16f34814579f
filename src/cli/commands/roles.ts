/**
 * `roles`: what Okta grants.
 *
 * @module
 */

import type { KnownRole } from "../../config/role_match.ts";
import { openConversation } from "../../flows/conversation.ts";
import { expirationsByRole } from "../../flows/expirations.ts";
import { learnRoles } from "../../flows/learn_roles.ts";
import { accountName, accountSettings } from "../../flows/account_settings.ts";
import { openProgram } from "../../flows/program.ts";
import { rolesOf } from "../../flows/known_roles.ts";
import { grantedRoles, openRoleList } from "../../store/role_list.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import { formatMoment, formatTable } from "../report.ts";

/**
 * Lists the roles of the last assertion, or of a new one with `--refresh`.
 *
 * @param invocation The command line.
 */
export async function runRoles({ ports, flags }: Invocation): Promise<void> {
  const program = await openProgram(ports, flags);
  const name = accountName(program);
  accountSettings(program, name);
  let list = await (await openRoleList(ports.files, program.paths.cache, name)).read();
  if (flags.refresh || grantedRoles(list).length === 0) {
    list = await learnRoles(program, openConversation(program, "foreground"));
  }
  const roles = rolesOf(program, [list]);
  const expirations = await expirationsByRole(program, name);
  const { output, clock } = ports;
  if (flags.json) {
    const rows = roles.map((role) => toJson(role, expirations.get(role.roleArn)));
    return output.answer(`${JSON.stringify(rows)}\n`);
  }
  const rows = roles.map(({ profile, alias, accountId, roleName, roleArn }) => {
    const expiration = expirations.get(roleArn);
    const until = expiration === undefined ? "" : formatMoment(expiration, clock.now());
    return [profile ?? "", `${alias ?? accountId}/${roleName}`, until].map(showUntrusted);
  });
  output.answer(formatTable(["PROFILE", "ROLE", "VALID UNTIL"], rows));
}

function toJson(role: KnownRole, expiration: number | undefined): Record<string, unknown> {
  const { accountId, alias, roleName, roleArn, principalArn, profile } = role;
  return {
    accountId,
    accountAlias: alias ?? null,
    roleName,
    roleArn,
    principalArn: principalArn || null,
    profile: profile ?? null,
    expiration: expiration === undefined ? null : new Date(expiration).toISOString(),
  };
}
