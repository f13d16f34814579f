/**
 * The entry of the compiled program: like `mod.ts`, but everything else is imported by a literal, so
 * that the bundler finds it; and the process that a plugin runs in is the same binary.
 *
 * @module
 */

import { main } from "../src/main.ts";

if (Deno.args.length === 1 && Deno.args[0] === "plugin-child") {
  const { runPluginChild } = await import("../src/platform/plugins/plugin_child.ts");
  await runPluginChild(new URL("./compiled_plugin_worker.js", import.meta.url));
}
Deno.exit(await main(Deno.args, () => import("../src/composition.ts")));
