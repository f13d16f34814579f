import { UsageError } from "../errors.ts";
import { formatKubeconfigDiff, mergeKubeconfig } from "./kubeconfig_merge.ts";
import {
  defaultKubeconfig,
  type Kubeconfig,
  kubeconfigPaths,
  type KubeEntry,
  parseKubeconfig,
} from "./kubeconfig.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import { editFile } from "../app/edit_file.ts";
import type { FoundCluster } from "./find_clusters.ts";
import { fillTemplate, nameContexts } from "./context_names.ts";
import { execConfig, isForOther, isOurs } from "./kube_exec_config.ts";
import type { AppContext } from "../app/context.ts";

export interface KubeSetupOptions {
  /** Template of context names (default: `{account}/{cluster}`, longer if not unique). */
  alias: string | undefined;
  /** `--kubeconfig`. */
  kubeconfig: string | undefined;
  /** A role that `kube token` assumes from the profile. */
  roleArn: string | undefined;
  /** Whether to set the current context: true if one cluster was named. */
  select: boolean;
  dryRun: boolean;
  placeholders: (cluster: FoundCluster) => Record<string, string>;
  /** Lets the person choose clusters; gets those that the kubeconfig has already. */
  pick?: ((present: readonly FoundCluster[]) => Promise<readonly FoundCluster[]>) | undefined;
}

export interface WrittenContext {
  context: string;
  cluster: string;
  profile: string;
  region: string;
  file: string;
}

export interface KubeSetup {
  contexts: WrittenContext[];
  /** The changes, without secrets. */
  diff: string;
}

interface OpenFile {
  path: string;
  config: Kubeconfig;
}

/**
 * Adds or updates clusters, users and contexts in the kubeconfig files, each where it already is.
 *
 * @throws {SettingsError} `bad_kubeconfig`; nothing is written then.
 * @throws {UsageError} `bad_alias`
 */
export async function setUpClusters(
  context: AppContext,
  clusters: readonly FoundCluster[],
  options: KubeSetupOptions,
): Promise<KubeSetup> {
  const { ports: { environment, files } } = context;
  const paths = kubeconfigPaths(environment, options.kubeconfig);
  const open: OpenFile[] = [];
  for (const path of paths) {
    open.push({ path, config: parseKubeconfig(await readLossless(files, path), path) });
  }
  const usual = await defaultKubeconfig(files, paths);
  const fileOf = ({ list, name }: KubeEntry) =>
    open.find(({ config }) => config.entry(list, name) !== undefined)?.path ?? usual;
  const configs = open.map(({ config }) => config);
  const present = clusters.filter((one) => isPresent(configs, one, options.roleArn));
  const chosen = await options.pick?.(present) ?? clusters;
  const planned = plan(context, { clusters: chosen, open, options });
  const first = planned[0]?.context;
  const current = isToSelect(open, planned.length, options) ? first : undefined;
  const all = planned.flatMap(({ entries }) => entries);
  let diff = "";
  for (const path of paths) {
    const entries = all.filter((entry) => fileOf(entry) === path);
    diff += await editFile(context, {
      path,
      dryRun: options.dryRun,
      diff: formatKubeconfigDiff,
      change: (text) =>
        mergeKubeconfig(text, {
          path,
          entries,
          currentContext: path === usual ? current : undefined,
        }),
    });
  }
  const contexts = planned.map(({ entries, context, cluster }) => ({
    context,
    cluster: cluster.arn,
    profile: cluster.source.profile,
    region: cluster.region,
    file: fileOf(entries.find(({ list }) => list === "contexts")!),
  }));
  return { contexts, diff };
}

/** Select the context of a cluster that was named; of a search, only a single result. */
function isToSelect(
  open: readonly OpenFile[],
  count: number,
  { select }: KubeSetupOptions,
): boolean {
  if (select) return true;
  return count === 1 && open.every(({ config }) => config.currentContext === undefined);
}

interface Planned {
  cluster: FoundCluster;
  context: string;
  entries: KubeEntry[];
}

function plan(
  context: AppContext,
  { clusters, open, options }: {
    clusters: readonly FoundCluster[];
    open: readonly OpenFile[];
    options: KubeSetupOptions;
  },
): Planned[] {
  const { roleArn } = options;
  const users = new Set<string>();
  const withUsers = clusters.map((cluster) => {
    const { arn, source: { profile } } = cluster;
    const execOf = (name: string) =>
      open.map(({ config }) => config.entry("users", name)?.exec).find((exec) => exec);
    const isTaken = users.has(arn) || isForOther(execOf(arn), profile, roleArn);
    const user = isTaken ? `${arn}@${profile}` : arn;
    users.add(user);
    return { cluster, user, exec: execConfig(context, cluster, { roleArn, before: execOf(user) }) };
  });
  const names = contextNames(withUsers, { open, options });
  return withUsers.map(({ cluster, user, exec }, at): Planned => {
    const { arn, endpoint: server, certificateAuthority } = cluster;
    const name = names[at]!;
    const certificate = { "certificate-authority-data": certificateAuthority };
    return {
      cluster,
      context: name,
      entries: [
        { list: "clusters", name: arn, values: { ...certificate, server } },
        { list: "contexts", name, values: { cluster: arn, user } },
        { list: "users", name: user, values: { exec } },
      ],
    };
  }).map((planned, index, all) => withoutRepeatedCluster(planned, all.slice(0, index)));
}

function contextNames(
  planned: readonly { cluster: FoundCluster; user: string }[],
  { open, options: { alias, placeholders } }: {
    open: readonly OpenFile[];
    options: KubeSetupOptions;
  },
): string[] {
  const unnamed = planned.map(({ cluster, user }) => ({
    cluster: cluster.arn,
    user,
    values: placeholders(cluster),
  }));
  if (alias === undefined) return nameContexts(unnamed, open.map(({ config }) => config));
  const names = unnamed.map(({ values }) => fillAlias(alias, values));
  const repeated = names.find((name, at) => names.indexOf(name) !== at);
  if (repeated !== undefined) throw ambiguousAlias(repeated);
  return names;
}

/** Whether a context of ours for this cluster, profile and role is there already. */
function isPresent(
  open: readonly Kubeconfig[],
  { arn, source: { profile } }: FoundCluster,
  roleArn: string | undefined,
): boolean {
  return open.flatMap(({ contexts }) => contexts).some(({ cluster, user }) => {
    if (cluster !== arn || typeof user !== "string") return false;
    const exec = open.map((config) => config.entry("users", user)?.exec).find((one) => one);
    return isOurs(exec) && !isForOther(exec, profile, roleArn);
  });
}

/** Profiles that see the same cluster share its entry. */
function withoutRepeatedCluster(planned: Planned, before: readonly Planned[]): Planned {
  if (!before.some(({ cluster }) => cluster.arn === planned.cluster.arn)) return planned;
  return { ...planned, entries: planned.entries.filter(({ list }) => list !== "clusters") };
}

function fillAlias(alias: string, values: Record<string, string>): string {
  return fillTemplate(alias, values, (unknown) => {
    throw new UsageError(`unknown placeholder in --alias: ${showUntrusted(unknown)}`, {
      code: "bad_alias",
      hint: `use ${Object.keys(values).map((one) => `{${one}}`).join(", ")}`,
    });
  });
}

function ambiguousAlias(context: string): UsageError {
  return new UsageError(`--alias gives several contexts the name ${showUntrusted(context)}`, {
    code: "bad_alias",
    hint: "add {cluster}, {region}, {account}, {role} or {profile} to --alias",
  });
}
