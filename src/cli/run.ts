/**
 * Runs a command line: parse, load, run, report.
 *
 * @module
 */

import { exitCodeFor, UsageError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { VERSION } from "../version.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { COMMANDS, type CommandSpec } from "./command_table.ts";
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
  const commands = await allCommands(ports, argv);
  const help = first === "help" ? helpFor(more, commands) : helpAmong(argv, commands);
  if (help !== undefined) {
    output.answer(help);
    return 0;
  }
  const { command, flags, args } = await parseCommandLine(argv, commands);
  if (tail.length > 0 && command.name !== "exec") {
    throw new UsageError(`${command.name} takes nothing behind --`, { code: "usage" });
  }
  const run = await command.load();
  return await run({ ports, flags, args, tail, words: argv }) ?? 0;
}

/** Commands that plugins have added are looked for only where no command of our own is named. */
async function allCommands(ports: Ports, argv: readonly string[]): Promise<readonly CommandSpec[]> {
  const names = new Set(COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  if (argv.some((word, at) => names.has(word) || names.has(`${argv[at - 1]} ${word}`))) {
    return COMMANDS;
  }
  const { pluginCommands } = await import("./plugin_commands.ts");
  return [...COMMANDS, ...await pluginCommands(ports, argv)];
}

function helpFor(words: readonly string[], commands: readonly CommandSpec[]): string {
  if (words.length === 0) return formatHelp(commands);
  const help = helpOf(words, commands);
  if (help !== undefined) return help;
  throw new UsageError(`there is no command ${showUntrusted(words[0]!)}`, {
    code: "usage",
    hint: "see them all: okta-aws help",
  });
}

/** `-h` anywhere: the help of the first word that is a command, else the general one. */
function helpAmong(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): string | undefined {
  if (!argv.includes("-h") && !argv.includes("--help")) return undefined;
  const helps = argv.map((_, at) => helpOf(argv.slice(at), commands));
  return helps.find((found) => found !== undefined) ?? formatHelp(commands);
}
