/**
 * `deno task bench`: what the program promises about its speed, measured in one run beside empty Deno
 * scripts. `deno task bench WORD…` measures only what these words name: `warm`, `refresh`, `cold`,
 * `roles`, `crowd`, `edit`, `kube`, `peers`, `plugins`.
 *
 * @module
 */

import { measureBinary } from "./bench/binary.ts";
import { measureCompletion } from "./bench/completion.ts";
import { measureColdCallers, measureCrowd, measureRoles } from "./bench/callers.ts";
import { measureEdit } from "./bench/edit.ts";
import { measureKube } from "./bench/kube.ts";
import { print } from "./bench/measure.ts";
import { measurePeers } from "./bench/peers.ts";
import { measurePlugins } from "./bench/plugins.ts";
import { measureRefresh } from "./bench/refresh.ts";
import { measureWarm } from "./bench/warm.ts";

/** Each prints its figures and tells whether they are within the limit. */
const BENCHMARKS: Record<string, () => Promise<boolean>> = {
  binary: measureBinary,
  tab: measureCompletion,
  warm: measureWarm,
  refresh: measureRefresh,
  cold: measureColdCallers,
  roles: measureRoles,
  crowd: measureCrowd,
  edit: measureEdit,
  kube: measureKube,
  peers: measurePeers,
  plugins: measurePlugins,
};

/** Left out unless named: it needs a base binary. */
const ASKED_ONLY = ["binary"];

for (const [name, measure] of Object.entries(BENCHMARKS)) {
  const wanted = Deno.args.length > 0 ? Deno.args.includes(name) : !ASKED_ONLY.includes(name);
  if (!wanted) continue;
  if (await measure()) continue;
  print("  over the limit");
  Deno.exitCode = 1;
}
