/**
 * After a refresh, updates the kubeconfig entries that get tokens from okta-aws. `okta-aws kube setup`
 * adds the clusters.
 *
 * Settings in `[plugin kubeconfig]`: `clusters = prod=okta-acme-Admin, test=okta-test-Admin@eu-west-1`
 */

import type { KubeconfigEntry, Plugin } from "../mod.ts";

/** `CLUSTER=PROFILE` or `CLUSTER=PROFILE@REGION`, separated by commas or lines. */
function parseClusters(text: string): KubeconfigEntry[] {
  return text.split(/[\s,]+/).filter((entry) => entry !== "").map((entry) => {
    const [, cluster, profile, region] = /^([^=]+)=(.+?)(?:@([a-z0-9-]+))?$/.exec(entry) ?? [];
    if (cluster === undefined || profile === undefined) {
      throw new Error(`clusters: ${entry} is not CLUSTER=PROFILE or CLUSTER=PROFILE@REGION`);
    }
    return { cluster, profile, ...(region !== undefined && { region }) };
  });
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function removeIfExists(file: string): Promise<void> {
  try {
    await Deno.remove(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** In one step, so that kubectl never reads a partial file. A symlink stays a symlink. */
async function replace(file: string, text: string): Promise<void> {
  const { isSymlink, mode } = await Deno.lstat(file);
  if (isSymlink) return await Deno.writeTextFile(file, text);
  const temporary = `${file}.okta-aws`;
  // It may be left over, or a link.
  await removeIfExists(temporary);
  const { AlreadyExists, NotFound } = Deno.errors;
  try {
    await Deno.writeTextFile(temporary, text, { createNew: true, mode: (mode ?? 0o600) & 0o777 });
    await Deno.rename(temporary, file);
  } catch (error) {
    // Another refresh is writing the same.
    if (!(error instanceof AlreadyExists || error instanceof NotFound)) throw error;
  }
}

export default {
  name: "kubeconfig",
  apiVersion: 1,
  permissions: {
    read: ["~/.kube/config", "~/.kube/config.okta-aws"],
    write: ["~/.kube/config", "~/.kube/config.okta-aws"],
  },
  hooks: {
    async postRefresh({ home }, host) {
      const entries = parseClusters(host.settings.clusters ?? "");
      if (entries.length === 0) return;
      const file = `${home}/.kube/config`;
      const before = await textOf(file) ?? "";
      const { kubeconfig, missing } = await host.updateKubeconfig(before, entries);
      for (const cluster of missing) {
        host.log(`${cluster} is not in ${file}: run okta-aws kube setup --cluster ${cluster}`);
      }
      if (kubeconfig !== before) await replace(file, kubeconfig);
    },
  },
} satisfies Plugin;
