/**
 * Whose clusters `kube setup` looks for, and what they may be called.
 *
 * @module
 */

import { parseRoleArn } from "../aws/arn.ts";
import { matchRole } from "../roles/role_match.ts";
import type { Conversation } from "../app/interaction.ts";
import { requestForRole } from "../credentials/credential_request.ts";
import type { ClusterSource, FoundCluster } from "./find_clusters.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { learnRoles } from "../credentials/learn_roles.ts";
import type { Program } from "../app/context.ts";
import { selectRoles } from "../roles/select_roles.ts";

/**
 * The roles that `refresh` would take, as sources of clusters.
 *
 * @param program The run.
 * @param conversation Who is asked, where no role is known yet.
 * @returns One for each role.
 * @throws {AssertionError} `no_roles`
 */
export async function allSources(
  program: Program,
  conversation: Conversation,
): Promise<ClusterSource[]> {
  let lists = await readRoleLists(program);
  if (rolesOf(program, lists).length === 0) lists = [await learnRoles(program, conversation)];
  const chosen = lists.flatMap((list) =>
    selectRoles(program, list.account, rolesOf(program, [list]), [])
  );
  return await Promise.all(chosen.map(async (role) => ({
    profile: role.profile ?? role.roleArn,
    request: await requestForRole(program, role, {}),
  })));
}

/**
 * What the placeholders of `--alias` stand for.
 *
 * @param program The run.
 * @returns Gives them for a cluster.
 */
export async function placeholdersOf(
  program: Program,
): Promise<(cluster: FoundCluster) => Record<string, string>> {
  const roles = rolesOf(program, await readRoleLists(program));
  const { prefix } = naming(program);
  return ({ name, arn, region, source: { profile, request } }) => {
    const { roleArn } = request.chain.at(-1)!;
    const accountId = arn.split(":")[4]!;
    const alias = program.settings.awsAccounts.get(accountId)?.alias ??
      matchRole(roleArn, roles, prefix)?.alias;
    return {
      cluster: name,
      region,
      account: alias ?? accountId,
      account_id: accountId,
      role: parseRoleArn(roleArn)?.roleName ?? roleArn,
      profile,
      arn,
    };
  };
}
