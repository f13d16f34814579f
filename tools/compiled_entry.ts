/**
 * The entry of the compiled program. Unlike `mod.ts` it has a literal `import()`, which the bundler
 * needs. With the argument `plugin-child` the binary is the process that runs a plugin.
 */

import { main } from "../src/main.ts";

if (Deno.args.length === 1 && Deno.args[0] === "plugin-child") {
  const { runPluginChild } = await import("../src/platform/plugins/plugin_child.ts");
  await runPluginChild(new URL("./compiled_plugin_worker.js", import.meta.url));
}
Deno.exit(await main(Deno.args, () => import("../src/composition.ts")));
