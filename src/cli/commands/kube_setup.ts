/**
 * `kube setup`: EKS clusters into the kubeconfig.
 *
 * @module
 */

import { isRegion, parseRoleArn } from "../../aws/arn.ts";
import { AwsError, ProfileError, UsageError } from "../../errors.ts";
import { withClusterSettings } from "../../kube/cluster_flags.ts";
import type { AppContext } from "../../app/context.ts";
import { openContext } from "../../app/open_context.ts";
import {
  allSources,
  type ClusterSearch,
  type ClusterSource,
  type FailedSearch,
  findClusters,
  placeholdersOf,
} from "../../kube/find_clusters.ts";
import { type KubeSetup, setUpClusters } from "../../kube/kube_setup.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import type { Flags } from "../flags.ts";
import { resolveForInvocation } from "../profile_argument.ts";
import { progressLine } from "../progress.ts";

/**
 * Writes the kubeconfig, or shows what would change with `--dry-run`.
 *
 * @param invocation The command line.
 * @throws {UsageError} `no_cluster`, `bad_region`, `bad_alias`
 * @throws {AwsError} `no_clusters`, or AWS's refusal.
 */
export async function runKubeSetup({ ports, flags: given }: Invocation): Promise<void> {
  checkFlags(given);
  const context = await openContext(ports, given, "foreground");
  const flags = withClusterSettings(context, given);
  const { cluster, region, alias, kubeconfig, roleArn, dryRun = false } = flags;
  const sources = flags.all && flags.profile === undefined
    ? await allSources(context)
    : [await oneSource(context, flags)];
  const progress = progressLine(ports.output, flags.quiet ?? false);
  const search = await findClusters(context, sources, {
    cluster,
    region,
    onProgress: (done, total) => total > 1 && progress.show(`regions asked: ${done} of ${total}`),
  });
  progress.clear();
  if (search.found.length === 0) throw nothingFound(search);
  const result = await setUpClusters(context, search.found, {
    alias,
    kubeconfig,
    roleArn,
    dryRun,
    select: cluster !== undefined,
    placeholders: await placeholdersOf(context),
  });
  report({ ports, flags }, search, result);
}

function checkFlags({ cluster, all, region, roleArn }: Flags): void {
  if ((cluster === undefined) === (all !== true)) {
    const both = all === true ? "give --cluster NAME, or --all: not both" : undefined;
    throw new UsageError(both ?? "which cluster? --cluster NAME, or --all", {
      code: "no_cluster",
      hint: "run: okta-aws help kube setup",
    });
  }
  if (region !== undefined && !isRegion(region)) {
    throw new UsageError(`${showUntrusted(region)} is not the name of a region`, {
      code: "bad_region",
      hint: "a region is a name such as eu-west-1",
    });
  }
  if (roleArn !== undefined && parseRoleArn(roleArn) === undefined) {
    throw new ProfileError(`${showUntrusted(roleArn)} is no role's ARN`, {
      code: "bad_role_arn",
      hint: "a role's ARN looks like arn:aws:iam::123456789012:role/Name",
    });
  }
}

async function oneSource(
  context: AppContext,
  flags: Flags,
): Promise<ClusterSource> {
  const args = flags.profile === undefined ? [] : [flags.profile];
  const request = await resolveForInvocation(context, { args, flags });
  return { profile: request.profile, request };
}

function nothingFound({ failed }: ClusterSearch): Error {
  const [first] = failed;
  if (first !== undefined) return first.error;
  return new AwsError("there is no EKS cluster in these accounts and regions", {
    code: "no_clusters",
    hint: "a region that is newer than this program has to be named: --region R",
  });
}

function report(
  { ports: { output }, flags }: Pick<Invocation, "ports" | "flags">,
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
    output.notice(`context ${showUntrusted(context)} in ${showUntrusted(file)}\n`);
  }
}

/** A role that may not ask EKS is refused in every region: that is told once. */
function failureLines(failed: readonly FailedSearch[]): string[] {
  const groups = Map.groupBy(failed, ({ profile, error }) => `${profile}\n${error.code}`);
  return [...groups.values()].map((group) => {
    const [{ profile, region, error }] = group as [FailedSearch];
    const place = group.length > 1 ? ` in ${group.length} regions` : region && ` in ${region}`;
    return `${showUntrusted(profile)}${place ?? ""}: ${showUntrusted(error.message)}`;
  });
}
