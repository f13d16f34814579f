/** `roles`: lists the roles that Okta grants. @module */

import { describeSessionPolicy, sessionPolicyToJson } from "../../aws/session_policy.ts";
import type { CachedFacts } from "../../credentials/credential_cache.ts";
import type { KnownRole } from "../../roles/role_match.ts";
import { learnRoles, noRoles } from "../../credentials/role_source.ts";
import { InterruptedError, OktaAwsError } from "../../errors.ts";
import type { AppContext } from "../../app/context.ts";
import { accountNames, rolesOf } from "../../roles/known_roles.ts";
import { grantedRoles, openRoleList, type RoleList } from "../../roles/role_list.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Invocation, openForeground } from "../invocation.ts";
import { byLabel } from "../../roles/role_search.ts";
import { formatExpiration } from "../output.ts";
import { styleOf } from "../style.ts";
import { formatTable } from "../table.ts";
import { newestByRole } from "../../credentials/open_cache.ts";

/** From the last assertion; from a new one with `--refresh` or if no role is known. */
export async function runRoles({ ports, flags }: Invocation): Promise<void> {
  const context = await openForeground(ports, flags);
  const lists = await listsOf(context, flags.refresh ?? false);
  const roles = rolesOf(context, lists);
  const cached = new Map<string, CachedFacts>();
  for (const { account } of lists) {
    for (const [arn, facts] of await newestByRole(context, account)) {
      cached.set(`${account} ${arn}`, facts);
    }
  }
  const factsOf = ({ oktaAccount, roleArn }: KnownRole) => cached.get(`${oktaAccount} ${roleArn}`);
  const { output, clock } = ports;
  if (flags.json) {
    const rows = roles.map((role) => toJson(role, factsOf(role)));
    return output.answer(`${JSON.stringify(rows)}\n`);
  }
  if (roles.length === 0) throw noRoles();
  const rows = roles.toSorted(byLabel).map((role) => {
    const facts = factsOf(role);
    const left = facts === undefined ? "" : formatExpiration(facts.expiration, clock.now());
    const limit = facts?.sessionPolicy && describeSessionPolicy(facts.sessionPolicy);
    const account = showUntrusted(role.alias ?? role.accountId);
    return [
      account,
      showUntrusted(role.roleName),
      showUntrusted(role.profile ?? ""),
      [
        left,
        ...limit === undefined ? [] : [`(${showUntrusted(limit)})`],
      ].join(" "),
    ];
  });
  output.answer(formatTable(styleOf({ ports, flags }, "answer"), {
    heads: ["ACCOUNT", "ROLE", "PROFILE", "EXPIRES"],
    rows,
    optional: [2, 3],
  }));
}

/** Of all accounts; one that fails does not hide the others. */
async function listsOf(context: AppContext, isNew: boolean): Promise<RoleList[]> {
  const { ports: { files }, paths } = context;
  const lists: RoleList[] = [];
  const failed: [string, OktaAwsError][] = [];
  for (const name of accountNames(context)) {
    const list = await (await openRoleList(files, paths.cache, name)).read();
    const asks = isNew || grantedRoles(list).length === 0;
    try {
      lists.push(asks ? await learnRoles(context, name) : list);
    } catch (error) {
      if (!(error instanceof OktaAwsError) || error instanceof InterruptedError) throw error;
      failed.push([name, error]);
    }
  }
  if (lists.length === 0) throw failed[0]![1];
  for (const [name, error] of failed) {
    await context.interaction.say(`account ${showUntrusted(name)}: ${error.message}`);
  }
  return lists;
}

function toJson(role: KnownRole, facts: CachedFacts | undefined): Record<string, unknown> {
  const { accountId, alias, roleName, roleArn, principalArn, profile } = role;
  return {
    accountId,
    accountAlias: alias ?? null,
    roleName,
    roleArn,
    principalArn: principalArn || null,
    profile: profile ?? null,
    expiration: facts === undefined ? null : new Date(facts.expiration).toISOString(),
    // Scripts rely on the fields above; this one only adds to them where somebody uses policies.
    ...(facts?.sessionPolicy && { sessionPolicy: sessionPolicyToJson(facts.sessionPolicy) }),
  };
}
