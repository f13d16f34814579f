/** `kube setup`: adds EKS clusters to the kubeconfig. @module */

import { isRegion, parseRoleArn } from "../../aws/arn.ts";
import { AwsError, ProfileError, UsageError } from "../../errors.ts";
import { withClusterSettings } from "../../kube/cluster_flags.ts";
import type { AppContext } from "../../app/context.ts";
import { openContext } from "../invocation.ts";
import {
  allSources,
  type ClusterSearch,
  type ClusterSource,
  type FailedSearch,
  findClusters,
  placeholdersOf,
} from "../../kube/find_clusters.ts";
import { pickClusters } from "./kube_pick.ts";
import { type KubeSetup, setUpClusters } from "../../kube/kube_setup.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import type { Flags } from "../flags.ts";
import { showPath } from "../output.ts";
import { formatProgress } from "../../app/activity.ts";
import { resolveProfile } from "../../profiles/resolve_profile.ts";

/**
 * @throws {UsageError} `no_cluster`, `bad_region`, `bad_alias`
 * @throws {AwsError} `no_clusters`, or AWS's own error.
 */
export async function runKubeSetup({ ports, flags: given }: Invocation): Promise<void> {
  checkFlags(given);
  const context = await openContext(ports, given, "foreground");
  const flags = withClusterSettings(context, given);
  const { cluster, region, alias, kubeconfig, roleArn, dryRun = false } = flags;
  const sources = flags.all && flags.profile === undefined
    ? await allSources(context)
    : [await oneSource(context, flags)];
  const { activity } = context.interaction;
  const search = await findClusters(context, sources, {
    cluster,
    region,
    onProgress: (done, total) =>
      total > 1 && activity?.progress(formatProgress("Searching regions", done, total)),
  });
  activity?.progress("");
  if (search.found.length === 0) throw noClusterError(search);
  const placeholders = await placeholdersOf(context);
  const result = await setUpClusters(context, search.found, {
    alias,
    kubeconfig,
    roleArn,
    dryRun,
    select: cluster !== undefined,
    placeholders,
    pick: await mayPick(context, flags, search.found)
      ? (present) => pickClusters(context, search.found, { present, placeholders })
      : undefined,
  });
  report({ ports, flags }, search, result);
}

function checkFlags({ cluster, all, region, roleArn }: Flags): void {
  if ((cluster === undefined) === (all !== true)) {
    const both = all === true ? "--cluster and --all can't be used together" : undefined;
    throw new UsageError(both ?? "missing required flag: --cluster or --all", {
      code: "no_cluster",
      hint: "run: okta-aws help kube setup",
    });
  }
  if (region !== undefined && !isRegion(region)) {
    throw new UsageError(`invalid region: ${showUntrusted(region)}`, {
      code: "bad_region",
      hint: "use a name such as eu-west-1",
    });
  }
  if (roleArn !== undefined && parseRoleArn(roleArn) === undefined) {
    throw new ProfileError(`invalid role ARN: ${showUntrusted(roleArn)}`, {
      code: "bad_role_arn",
      hint: "use the form arn:aws:iam::123456789012:role/Name",
    });
  }
}

/** With `--all` at a terminal, unless there is nothing to choose. */
async function mayPick(
  { interaction }: AppContext,
  { all, yes, json, dryRun }: Flags,
  found: ClusterSearch["found"],
): Promise<boolean> {
  if (!all || yes || json || dryRun || found.length < 2) return false;
  return await interaction.canAsk();
}

async function oneSource(
  context: AppContext,
  flags: Flags,
): Promise<ClusterSource> {
  const request = await resolveProfile(context, flags.profile, flags);
  return { profile: request.profile, request };
}

function noClusterError({ failed }: ClusterSearch): Error {
  const [first] = failed;
  if (first !== undefined) return first.error;
  return new AwsError("no EKS cluster found in these accounts and regions", {
    code: "no_clusters",
    hint: "for a very new region, pass --region",
  });
}

function report(
  { ports: { output, environment }, flags }: Pick<Invocation, "ports" | "flags">,
  { failed }: ClusterSearch,
  { contexts, diff }: KubeSetup,
): void {
  if (flags.json) {
    const errors = failed.map(({ profile, region, error: { code, message } }) => ({
      profile,
      region,
      code,
      message,
    }));
    return output.answer(`${JSON.stringify({ contexts, failed: errors })}\n`);
  }
  for (const line of failureLines(failed)) output.notice(`okta-aws: ${line}\n`);
  if (flags.dryRun) return output.answer(diff);
  if (flags.quiet) return;
  for (const { context, file } of contexts) {
    output.notice(
      `wrote context ${showUntrusted(context)} to ${showPath(file, environment.home)}\n`,
    );
  }
}

/** One line for a role that EKS rejects in every region. */
function failureLines(failed: readonly FailedSearch[]): string[] {
  const groups = Map.groupBy(failed, ({ profile, error }) => `${profile}\n${error.code}`);
  return [...groups.values()].map((group) => {
    const [{ profile, region, error }] = group as [FailedSearch];
    const place = group.length > 1 ? ` in ${group.length} regions` : region && ` in ${region}`;
    return `${showUntrusted(profile)}${place ?? ""}: ${showUntrusted(error.message)}`;
  });
}
