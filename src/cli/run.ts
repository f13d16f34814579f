/**
 * Runs a command line: parse, load, run, report.
 *
 * @module
 */

import { exitCodeFor, UsageError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { VERSION } from "../version.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { COMMANDS } from "./command_table.ts";
import { formatHelp, formatShortHelp, helpOf } from "./help.ts";
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
  if (argv[0] === "__complete") return await complete(ports, argv.slice(1));
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

/** The words that a shell completes: none is the program's own, not even `--`. */
async function complete(ports: Ports, typed: readonly string[]): Promise<number> {
  const { runComplete } = await import("./completion/complete.ts");
  // What is wrong is said by the command itself, once it is run: not into a line that is being typed.
  return await runComplete(ports, typed).then(() => 0, () => 1);
}

/** The flags that are a question of their own. */
const ANSWERS = ["-h", "--help", "--version"];

async function dispatch(ports: Ports, argv: readonly string[], tail: string[]): Promise<number> {
  const { output } = ports;
  const [first, ...more] = argv;
  if (argv.every((word) => word.startsWith("-") && !ANSWERS.includes(word))) {
    // Nothing was asked for, so standard output stays empty.
    output.notice(formatShortHelp());
    return 2;
  }
  if (first === "--version" || first === "version") {
    output.answer(`okta-aws ${VERSION}\n`);
    return 0;
  }
  const help = first === "help" ? helpFor(more) : helpAmong(argv);
  if (help !== undefined) {
    output.answer(help);
    return 0;
  }
  const { command, flags, args } = await parseCommandLine(argv, COMMANDS);
  if (tail.length > 0 && command.name !== "exec") {
    throw new UsageError(`${command.name} takes nothing behind --`, { code: "usage" });
  }
  const run = await command.load();
  return await run({ ports, flags, args, tail }) ?? 0;
}

function helpFor(words: readonly string[]): string {
  if (words.length === 0) return formatHelp();
  const help = helpOf(words);
  if (help !== undefined) return help;
  throw new UsageError(`there is no command ${showUntrusted(words[0]!)}`, {
    code: "usage",
    hint: "see them all: okta-aws help",
  });
}

/** `-h` anywhere: the help of the first word that is a command, else the general one. */
function helpAmong(argv: readonly string[]): string | undefined {
  if (!argv.includes("-h") && !argv.includes("--help")) return undefined;
  const helps = argv.map((_, at) => helpOf(argv.slice(at)));
  return helps.find((found) => found !== undefined) ?? formatHelp();
}
