/** The menu of `kube setup --all`. @module */

import type { AppContext } from "../../app/context.ts";
import type { FoundCluster } from "../../kube/find_clusters.ts";
import type { Choice } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** @returns At least one; those that the kubeconfig has already are ticked at first. */
export async function pickClusters(
  { ports }: AppContext,
  clusters: readonly FoundCluster[],
  { present, placeholders }: {
    present: readonly FoundCluster[];
    placeholders: (cluster: FoundCluster) => Record<string, string>;
  },
): Promise<readonly FoundCluster[]> {
  const rows = clusters.map((value) => {
    const { account, cluster, role, region } = placeholders(value);
    return {
      value,
      cells: [account, cluster, role, region].map((cell = "") => showUntrusted(cell)),
    };
  }).toSorted((a, b) => a.cells.join(" ").localeCompare(b.cells.join(" ")));
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map(({ cells }) => cells[at]!.length)));
  const choices = rows.map(({ value, cells }): Choice<FoundCluster> => {
    const padded = cells.map((cell, at) => cell.padEnd(widths[at] ?? 0));
    const short = cells.slice(0, 3).join("/");
    return { name: padded.join("   "), short, keywords: `${short} ${cells[3]}`, value };
  });
  const terminal = await ports.terminal();
  return await terminal.askChoices({ question: "Clusters to add", choices, ticked: present });
}
