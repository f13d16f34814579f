/** `completions SHELL`: prints a shell's completion script. @module */

import { UsageError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../invocation.ts";
import { completionScript, SHELLS } from "../completion/shell_scripts.ts";

/** @throws {UsageError} `usage` */
export function runCompletions({ ports, args: [name = ""] }: Invocation): Promise<void> {
  const shell = SHELLS.find((known) => known === name);
  if (shell === undefined) {
    throw new UsageError(`no completions for ${showUntrusted(name)}`, {
      code: "usage",
      hint: `choose one of ${SHELLS.join(", ")}`,
    });
  }
  ports.output.answer(completionScript(shell));
  return Promise.resolve();
}
