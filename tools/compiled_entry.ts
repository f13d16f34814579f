/**
 * The entry of the compiled program. Unlike `mod.ts` it has literal `import()`s, which the bundler
 * needs.
 */

import { main } from "../src/main.ts";
import { COMMAND_MODULES } from "./compiled_commands.ts";

Deno.exit(
  await main(Deno.args, {
    composition: () => import("../src/composition.ts"),
    command: (name) => COMMAND_MODULES[name]!(),
    earlyStart: () => import("../src/early_start.ts"),
    standalone: () => import("../src/cli/standalone.ts"),
    completion: () => import("../src/cli/completion/candidates.ts"),
    cachedChild: () => import("../src/cli/cached_child.ts"),
    kubeToken: () => import("../src/kube/token_document.ts"),
    processes: () => import("../src/platform/processes/processes.ts"),
    terminal: () => import("../src/platform/terminal/tty_device.ts"),
    version: () => import("../src/version.ts"),
  }),
);
