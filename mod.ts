/**
 * The entry of okta-aws, and the types for plugins.
 *
 * @module
 */

import { main, type Parts } from "./src/main.ts";

export * from "./src/errors.ts";
export type * from "./src/plugins/contract.ts";

/** Not a literal `import()`: `deno run` would load its whole graph before the first line runs. */
function load<T>(path: string): Promise<T> {
  return import(path);
}

if (import.meta.main) {
  const parts: Parts = {
    composition: () => load("./src/composition.ts"),
    command: (name) => load(`./src/cli/commands/${name}.ts`),
    earlyStart: () => load("./src/early_start.ts"),
    standalone: () => load("./src/cli/standalone.ts"),
    completion: () => load("./src/cli/completion/candidates.ts"),
    cachedChild: () => load("./src/cli/cached_child.ts"),
    kubeToken: () => load("./src/kube/token_document.ts"),
    processes: () => load("./src/platform/processes/processes.ts"),
    terminal: () => load("./src/platform/terminal/tty_device.ts"),
    version: () => load("./src/version.ts"),
  };
  Deno.exit(await main(Deno.args, parts));
}
