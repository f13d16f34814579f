/**
 * `__complete`, which the shells' scripts run at every Tab.
 *
 * @module
 */

import { readCompletionNames } from "./names.ts";
import type { Ports } from "../../ports.ts";
import { COMMANDS } from "../command_table.ts";
import { offerFor } from "./candidates.ts";

/**
 * Prints what may stand at the cursor: a line for each word, with a tab and what it means; `:files`
 * where it is a file.
 *
 * @param ports The machine.
 * @param typed The words behind the program's name; the last one is at the cursor.
 */
export async function runComplete(ports: Ports, typed: readonly string[]): Promise<void> {
  const last = typed.at(-1) ?? "";
  // Some PowerShells keep no empty argument.
  const words = [...typed.slice(0, -1), last === '""' ? "" : last];
  const offer = await offerFor(words, COMMANDS, () => readCompletionNames(ports));
  if (offer.files) return ports.output.answer(":files\n");
  ports.output.answer(offer.candidates.map(({ word, brief }) => `${word}\t${brief}\n`).join(""));
}
