/**
 * Runs a command line: parse, load, run, report.
 *
 * @module
 */

import { exitCodeFor, UsageError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { VERSION } from "../version.ts";
import { COMMANDS } from "./command_table.ts";
import { parseCommandLine } from "./parse.ts";
import { reportError } from "./report.ts";

/**
 * Runs a command line.
 *
 * @param ports The machine.
 * @param argv The words behind the program's name.
 * @returns The exit code.
 */
export async function runCommandLine(ports: Ports, argv: readonly string[]): Promise<number> {
  const cut = argv.indexOf("--");
  const words = cut < 0 ? argv : argv.slice(0, cut);
  const tail = cut < 0 ? [] : argv.slice(cut + 1);
  try {
    return await dispatch(ports, words, tail);
  } catch (error) {
    const has = (...names: string[]) => words.some((word) => names.includes(word));
    reportError(ports.output, error, { json: has("--json"), debug: has("-d", "--debug") });
    return exitCodeFor(error);
  }
}

async function dispatch(ports: Ports, argv: readonly string[], tail: string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined) return shortHelp(ports);
  if (first === "--version" || first === "version") {
    ports.output.answer(`okta-aws ${VERSION}\n`);
    return 0;
  }
  const words = first === "help" ? [...rest, "--help"] : argv;
  const parsed = await parseCommandLine(words, COMMANDS);
  if (parsed.kind === "text") {
    ports.output.answer(parsed.text);
    return 0;
  }
  const { command, flags, args } = parsed;
  if (tail.length > 0 && command.name !== "exec") {
    throw new UsageError(`${command.name} takes nothing behind --`, { code: "usage" });
  }
  const run = await command.load();
  return await run({ ports, flags, args, tail }) ?? 0;
}

/** Without a command: what there is, on standard error since nothing was asked for. */
function shortHelp({ output }: Ports): number {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, brief }) => `  ${name.padEnd(width)}  ${brief}\n`);
  output.notice(`okta-aws COMMAND [FLAGS]\n\n${lines.join("")}\nMore: okta-aws help COMMAND\n`);
  return 2;
}
