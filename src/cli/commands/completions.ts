/**
 * `completions SHELL`: prints a shell's completion script.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { completionScript, SHELLS } from "../completion/shell_scripts.ts";

/**
 * Prints a shell's completion script.
 *
 * @param invocation The command line.
 * @throws {UsageError} `usage`
 */
export function runCompletions({ ports, args: [name = ""] }: Invocation): Promise<void> {
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) {
    throw new UsageError(`there are no completions for ${showUntrusted(name)}`, {
      code: "usage",
      hint: `there are some for ${SHELLS.join(", ")}`,
    });
  }
  ports.output.answer(completionScript(shell));
  return Promise.resolve();
}
