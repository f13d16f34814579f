import { parseRoleArn } from "../aws/arn.ts";
import { matchRole } from "../roles/role_match.ts";
import type { AppContext } from "../app/context.ts";
import { requestForRole } from "../credentials/credential_request.ts";
import type { ClusterSource, FoundCluster } from "./find_clusters.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { learnRoles } from "../credentials/learn_roles.ts";
import { selectRoles } from "../roles/select_roles.ts";

/**
 * The roles that `refresh` would take, as sources of clusters.
 *
 * @throws {AssertionError} `no_roles`
 */
export async function allSources(
  context: AppContext,
): Promise<ClusterSource[]> {
  let lists = await readRoleLists(context);
  if (rolesOf(context, lists).length === 0) lists = [await learnRoles(context)];
  const chosen = lists.flatMap((list) =>
    selectRoles(context, list.account, rolesOf(context, [list]), [])
  );
  return await Promise.all(chosen.map(async (role) => ({
    profile: role.profile ?? role.roleArn,
    request: await requestForRole(context, role, {}),
  })));
}

/** What the placeholders of `--alias` stand for. */
export async function placeholdersOf(
  context: AppContext,
): Promise<(cluster: FoundCluster) => Record<string, string>> {
  const roles = rolesOf(context, await readRoleLists(context));
  const { prefix } = naming(context);
  return ({ name, arn, region, source: { profile, request } }) => {
    const { roleArn } = request.chain.at(-1)!;
    const accountId = arn.split(":")[4]!;
    const alias = context.settings.awsAccounts.get(accountId)?.alias ??
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
