/**
 * Where the commands' code is. The entry point loads it (`mod.ts`, `tools/compiled_entry.ts`): with a
 * literal `import()` here, `deno run` would load the modules of all commands to run one.
 *
 * @module
 */

import { Fault } from "../errors.ts";
import type { CommandSpec } from "./command_spec.ts";
import type { CommandFunction } from "./invocation.ts";

/** Loads a file of `commands/` by its name without `.ts`. */
export type LoadModule = (name: string) => Promise<Readonly<Record<string, unknown>>>;

/** The file of a command: `kube token` is in `kube_token`. */
export function moduleOf({ name, module }: Pick<CommandSpec, "name" | "module">): string {
  return module ?? name.replace(/[ -]/g, "_");
}

/** The function of a command: `kube token` is `runKubeToken`. */
function functionOf({ name }: Pick<CommandSpec, "name">): string {
  return `run${name.split(/[ -]/).map((word) => word[0]!.toUpperCase() + word.slice(1)).join("")}`;
}

/** Loads the code of a command. */
export async function loadCommand(
  command: CommandSpec,
  loadModule: LoadModule,
): Promise<CommandFunction> {
  if (command.load !== undefined) return await command.load();
  const run = (await loadModule(moduleOf(command)))[functionOf(command)];
  if (typeof run === "function") return run as CommandFunction;
  throw new Fault(`${moduleOf(command)}.ts has no ${functionOf(command)}`);
}
