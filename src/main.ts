/** The entry point: answers `cred-process` from its cache, or loads everything else. @module */

import { CRED_PROCESS, readFastPath } from "./credentials/fast_path.ts";
import { KUBE_TOKEN } from "./kube/token_document.ts";
import { systemClock } from "./platform/clock.ts";
import { systemEnvironment } from "./platform/environment.ts";
import { systemFiles } from "./platform/files/files.ts";
import { systemOutput } from "./platform/terminal/output.ts";
import type { LocalPorts } from "./ports.ts";

/** `composition.ts`: everything but the cached path. */
export interface Composition {
  /** Returns the exit code. */
  runProgram(local: LocalPorts, argv: readonly string[]): Promise<number>;
}

/** Runs the program, and returns its exit code. */
export async function main(
  argv: readonly string[],
  loadComposition: () => Promise<Composition>,
): Promise<number> {
  const local: LocalPorts = {
    clock: systemClock(),
    environment: systemEnvironment(),
    files: systemFiles(),
    output: systemOutput(),
  };
  const answer = await readFastPath(local, argv, [CRED_PROCESS, KUBE_TOKEN]);
  if (answer === undefined) return await (await loadComposition()).runProgram(local, argv);
  local.output.answer(`${answer}\n`);
  return 0;
}
