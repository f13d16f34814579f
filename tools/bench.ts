/**
 * `deno task bench`: measures the limits of docs/performance.md. `deno task bench NAME…` runs only
 * these benchmarks; `peers` takes arguments of its own. The exit code is 1 if one is over its limit.
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
import { measureSignIn } from "./bench/signin.ts";
import { measureWarm } from "./bench/warm.ts";

/**
 * Each prints its results and returns whether they are within the limit. The arguments are those after
 * its name.
 */
const BENCHMARKS: Record<string, (args: readonly string[]) => Promise<boolean>> = {
  binary: measureBinary,
  tab: measureCompletion,
  warm: measureWarm,
  refresh: measureRefresh,
  signin: measureSignIn,
  cold: measureColdCallers,
  roles: measureRoles,
  crowd: measureCrowd,
  edit: measureEdit,
  kube: measureKube,
  peers: measurePeers,
  plugins: measurePlugins,
};

/** Run only if named, because one needs a base binary, and the other takes minutes. */
const ON_REQUEST = ["binary", "peers"];

const [first = ""] = Deno.args;
const named = first === "peers" ? [first] : Deno.args;

for (const [name, measure] of Object.entries(BENCHMARKS)) {
  const wanted = named.length > 0 ? named.includes(name) : !ON_REQUEST.includes(name);
  if (!wanted) continue;
  if (await measure(Deno.args.slice(1))) continue;
  print("  over the limit");
  Deno.exitCode = 1;
}
