/**
 * The entry point: what is answered without the settings loads little (a cached `cred-process`, help,
 * completion), everything else loads `composition.ts`.
 *
 * @module
 */

import type { runCachedChild } from "./cli/cached_child.ts";
import type { LoadModule } from "./cli/command_code.ts";
import type { runComplete } from "./cli/completion/candidates.ts";
import type { runStandalone } from "./cli/standalone.ts";
import { CRED_PROCESS, readFastPath } from "./credentials/fast_path.ts";
import type { startEarly } from "./early_start.ts";
import type { KUBE_TOKEN } from "./kube/token_document.ts";
import { systemClock } from "./platform/clock.ts";
import { systemEnvironment } from "./platform/environment.ts";
import { systemFiles } from "./platform/files/files.ts";
import type { systemProcesses } from "./platform/processes/processes.ts";
import { systemOutput } from "./platform/terminal/output.ts";
import type { findTtyPlace } from "./platform/terminal/tty_device.ts";
import type { LocalPorts } from "./ports.ts";

/**
 * Loads the parts of the program. `deno run` loads the whole graph of each literal `import()` before
 * the first line runs, and the bundler of the compiled program needs literal ones, so these are in
 * the two entries: `mod.ts` and `tools/compiled_entry.ts`.
 */
export interface Parts {
  /** `composition.ts` */
  composition(): Promise<{
    runProgram(
      local: LocalPorts,
      argv: readonly string[],
      loadModule: LoadModule,
    ): Promise<number>;
  }>;
  /** A file of `cli/commands/`. */
  command: LoadModule;
  /** `early_start.ts` */
  earlyStart(): Promise<{ startEarly: typeof startEarly }>;
  /** `cli/standalone.ts` */
  standalone(): Promise<{ runStandalone: typeof runStandalone }>;
  /** `cli/completion/candidates.ts` */
  completion(): Promise<{ runComplete: typeof runComplete }>;
  /** `cli/cached_child.ts` */
  cachedChild(): Promise<{ runCachedChild: typeof runCachedChild }>;
  /** `kube/token_document.ts` */
  kubeToken(): Promise<{ KUBE_TOKEN: typeof KUBE_TOKEN }>;
  /** `platform/processes/processes.ts` */
  processes(): Promise<{ systemProcesses: typeof systemProcesses }>;
  /** `platform/terminal/tty_device.ts` */
  terminal(): Promise<{ findTtyPlace: typeof findTtyPlace }>;
  /** `version.ts` */
  version(): Promise<{ VERSION: string }>;
}

/** Runs the program, and returns its exit code. */
export async function main(argv: readonly string[], parts: Parts): Promise<number> {
  const local: LocalPorts = {
    clock: systemClock(),
    environment: systemEnvironment(),
    files: systemFiles(),
    output: systemOutput(),
  };
  const fast = argv[0] === "kube" ? (await parts.kubeToken()).KUBE_TOKEN : CRED_PROCESS;
  const answer = await readFastPath(local, argv, fast);
  if (answer === undefined) {
    return await runQuickly(local, argv, parts) ?? await runInFull(local, argv, parts);
  }
  local.output.answer(`${answer}\n`);
  return 0;
}

async function runInFull(
  local: LocalPorts,
  argv: readonly string[],
  parts: Parts,
): Promise<number> {
  await (await parts.earlyStart()).startEarly(local, argv);
  return await (await parts.composition()).runProgram(local, argv, parts.command);
}

/** @returns `undefined` if the command line has to run in full. */
async function runQuickly(
  local: LocalPorts,
  argv: readonly string[],
  parts: Parts,
): Promise<number | undefined> {
  const [first] = argv;
  if (first === "__complete") {
    const { runComplete } = await parts.completion();
    // An error message would break the line that the user types; the command itself reports it.
    return await runComplete(local, argv.slice(1)).then(() => 0, () => 1);
  }
  if (first === "--version" || first === "version") {
    local.output.answer(`okta-aws ${(await parts.version()).VERSION}\n`);
    return 0;
  }
  const own = argv.slice(0, argv.includes("--") ? argv.indexOf("--") : argv.length);
  const isHelp = first === undefined || first === "help" ||
    own.some((one) => one === "-h" || one === "--help");
  if (isHelp) return await (await parts.standalone()).runStandalone(local, own);
  if (first !== "exec" && first !== "env") return undefined;
  const { runCachedChild } = await parts.cachedChild();
  return await runCachedChild({
    ...local,
    processes: async () => (await parts.processes()).systemProcesses(local),
    canAsk: async () => (await (await parts.terminal()).findTtyPlace())?.foreground === true,
  }, argv);
}
