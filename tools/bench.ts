/**
 * `deno task bench`: what the program promises about its speed, measured in one run beside empty Deno
 * scripts. `deno task bench WORD…` measures only what these words name: `warm`, `refresh`, `cold`,
 * `roles`, `crowd`, `edit`, `kube`, `plugins`.
 *
 * @module
 */

import { measureColdCallers, measureCrowd, measureRoles } from "./bench/callers.ts";
import { measureEdit } from "./bench/edit.ts";
import { measureKube } from "./bench/kube.ts";
import { print } from "./bench/measure.ts";
import { measurePlugins } from "./bench/plugins.ts";
import { measureRefresh } from "./bench/refresh.ts";
import { measureWarm } from "./bench/warm.ts";

/** Each prints its figures and tells whether they are within the limit. */
const BENCHMARKS: Record<string, () => Promise<boolean>> = {
  warm: measureWarm,
  refresh: measureRefresh,
  cold: measureColdCallers,
  roles: measureRoles,
  crowd: measureCrowd,
  edit: measureEdit,
  kube: measureKube,
  plugins: measurePlugins,
};

for (const [name, measure] of Object.entries(BENCHMARKS)) {
  if (Deno.args.length > 0 && !Deno.args.includes(name)) continue;
  if (await measure()) continue;
  print("  over the limit");
  Deno.exitCode = 1;
}
