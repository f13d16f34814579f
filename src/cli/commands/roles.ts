/** `roles`: lists the roles that Okta grants. @module */

import type { KnownRole } from "../../roles/role_match.ts";
import { learnRoles, noRoles } from "../../credentials/role_source.ts";
import { accountName, accountSettings } from "../../settings/account_settings.ts";
import type { AppContext } from "../../app/context.ts";
import { isIdentityCenter } from "../../identity_center/sso_account.ts";
import { rolesOf } from "../../roles/known_roles.ts";
import { grantedRoles, openRoleList, type RoleList } from "../../roles/role_list.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Invocation, openForeground } from "../invocation.ts";
import { byLabel } from "../../roles/role_search.ts";
import { formatExpiration } from "../output.ts";
import { styleOf } from "../style.ts";
import { formatTable } from "../table.ts";
import { expirationsByRole } from "../../credentials/open_cache.ts";

/** From the last assertion; from a new one with `--refresh` or if no role is known. */
export async function runRoles({ ports, flags }: Invocation): Promise<void> {
  const context = await openForeground(ports, flags);
  const name = accountName(context);
  accountSettings(context, name);
  const lists: RoleList[] = [];
  for (const one of listedAccounts(context, name)) {
    const list = await (await openRoleList(ports.files, context.paths.cache, one)).read();
    const asks = flags.refresh || one === name && grantedRoles(list).length === 0;
    lists.push(asks ? await learnRoles(context, one) : list);
  }
  const roles = rolesOf(context, lists);
  const expirations = new Map<string, number>();
  for (const { account } of lists) {
    for (const [arn, end] of await expirationsByRole(context, account)) expirations.set(arn, end);
  }
  const { output, clock } = ports;
  if (flags.json) {
    const rows = roles.map((role) => toJson(role, expirations.get(role.roleArn)));
    return output.answer(`${JSON.stringify(rows)}\n`);
  }
  if (roles.length === 0) throw noRoles();
  const rows = roles.toSorted(byLabel).map((role) => {
    const expiration = expirations.get(role.roleArn);
    const left = expiration === undefined ? "" : formatExpiration(expiration, clock.now());
    const account = showUntrusted(role.alias ?? role.accountId);
    return [account, showUntrusted(role.roleName), showUntrusted(role.profile ?? ""), left];
  });
  output.answer(formatTable(styleOf({ ports, flags }, "answer"), {
    heads: ["ACCOUNT", "ROLE", "PROFILE", "EXPIRES"],
    rows,
    optional: [2, 3],
  }));
}

/** All accounts if both Okta and Identity Center grant roles, so that one list shows them all. */
function listedAccounts(context: AppContext, name: string): string[] {
  const { settings, flags, ports: { environment } } = context;
  const isChosen = (flags.account ?? environment.get("OKTA_AWS_ACCOUNT")) !== undefined;
  const names = [...settings.accounts.keys()];
  const kinds = new Set(names.map((one) => isIdentityCenter(context, one)));
  if (isChosen || kinds.size < 2) return [name];
  return [name, ...names.filter((one) => one !== name)];
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
