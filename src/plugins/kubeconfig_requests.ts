/** `host.updateKubeconfig`: text in, text out. It touches no file, so it needs no permission. */

import { parseKubeconfig } from "../kube/kubeconfig.ts";
import { mergeKubeconfig } from "../kube/kubeconfig_merge.ts";
import type { KubeEntry } from "../kube/kubeconfig.ts";
import type { KubeconfigEntry } from "./contract.ts";
import { execConfig } from "../kube/kube_exec_config.ts";
import type { AppContext } from "../app/context.ts";

/** Far more than people have: the work is done while nothing else runs. */
const MOST_CHARACTERS = 100_000;
const MOST_ENTRIES = 200;
const MOST_USERS = 500;
/** The names that `kube setup` writes. */
const CLUSTER_ARN = /^arn:aws[a-z-]*:eks:([a-z0-9-]+):\d{12}:cluster\/([^@]+)(?:@(.*))?$/;

function isEntry(value: unknown): value is KubeconfigEntry {
  const { cluster, profile, region } = (value ?? {}) as Record<string, unknown>;
  return typeof cluster === "string" && typeof profile === "string" &&
    (region === undefined || typeof region === "string");
}

/** A cluster's users: the one that `kube setup` named after the profile, else the plain one. */
function usersOf(names: readonly string[], entry: KubeconfigEntry): string[] {
  const found = names.map((name) => [name, ...CLUSTER_ARN.exec(name)?.slice(1) ?? []] as const)
    .filter(([, region, cluster]) =>
      cluster === entry.cluster && (entry.region === undefined || entry.region === region)
    );
  const own = found.filter(([, , , profile]) => profile === entry.profile);
  const plain = found.filter(([, , , profile]) => profile === undefined);
  return (own.length > 0 ? own : plain).map(([name]) => name);
}

function userNames(root: { toJSON(): unknown } | null): string[] {
  const { users } = (root?.toJSON() ?? {}) as { users?: unknown };
  const names = Array.isArray(users) ? users.map((user) => user?.name) : [];
  return names.filter((name) => typeof name === "string");
}

/**
 * Updates the `exec` of a kubeconfig's users.
 *
 * @returns The new text, and the clusters without a user.
 * @throws {SettingsError} `bad_kubeconfig`
 */
export function updateKubeconfig(
  context: AppContext,
  kubeconfig: string,
  entries: readonly KubeconfigEntry[],
): { kubeconfig: string; missing: string[] } {
  const config = parseKubeconfig(kubeconfig, "the kubeconfig");
  const names = [...new Set(userNames(config.yaml.root))];
  const missing: string[] = [];
  let changed = 0;
  const wanted = entries.flatMap((entry): KubeEntry[] => {
    const { cluster, profile } = entry;
    const users = usersOf(names, entry);
    if (users.length === 0) missing.push(cluster);
    changed += users.length;
    if (changed > MOST_USERS) throw new Error(`more than ${MOST_USERS} users would change`);
    return users.map((name): KubeEntry => {
      const region = CLUSTER_ARN.exec(name)![1]!;
      const { exec: before } = config.entry("users", name) ?? {};
      const source = { profile };
      const exec = execConfig(
        context,
        { tokenCluster: cluster, region, source },
        { before },
      );
      return { list: "users", name, values: { exec } };
    });
  });
  const merged = mergeKubeconfig(kubeconfig, {
    path: "the kubeconfig",
    entries: wanted,
    currentContext: undefined,
  });
  return { kubeconfig: merged, missing };
}

/** @throws {Error} If the plugin sent something else than a text and entries. */
export function answerUpdateKubeconfig(
  context: AppContext,
  { kubeconfig, entries }: Record<string, unknown>,
): { kubeconfig: string; missing: string[] } {
  const isText = typeof kubeconfig === "string" && kubeconfig.length <= MOST_CHARACTERS;
  if (!isText || !Array.isArray(entries) || !entries.every(isEntry)) {
    throw new Error(
      `updateKubeconfig needs a kubeconfig's text (at most ${MOST_CHARACTERS} characters) and a list of entries`,
    );
  }
  if (entries.length > MOST_ENTRIES) {
    throw new Error(`updateKubeconfig takes at most ${MOST_ENTRIES} entries`);
  }
  return updateKubeconfig(context, kubeconfig, entries);
}
