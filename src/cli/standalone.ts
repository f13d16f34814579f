/**
 * Command lines that run no command: help, and a missing command. `main.ts` loads this alone, without
 * the settings and any command's code.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { LocalPorts } from "../ports.ts";
import { resolvePaths } from "../settings/paths.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { COMMANDS, type CommandSpec } from "./command_table.ts";
import { formatFlagsHelp, formatHelp, formatShortHelp, helpOf } from "./help.ts";

/**
 * Answers a command line that needs neither settings nor a command's code.
 *
 * @returns The exit code; `undefined` if the command line has to run in full.
 */
export async function runStandalone(
  ports: LocalPorts,
  argv: readonly string[],
): Promise<number | undefined> {
  if (lacksCommand(argv)) return reportNoCommand(ports);
  try {
    if (!namesOwnCommand(argv) && await mayHavePlugins(ports, argv)) return undefined;
    const help = requestedHelp(argv, COMMANDS);
    if (help === undefined) return undefined;
    ports.output.answer(help);
    return 0;
  } catch {
    // The full run reports it.
    return undefined;
  }
}

/** Flags that need no command. */
const STANDALONE = ["-h", "--help", "--version"];

/** Whether a command line has only flags, none of which works without a command. */
export function lacksCommand(argv: readonly string[]): boolean {
  return argv.every((one) => one.startsWith("-") && !STANDALONE.includes(one));
}

/** @returns The exit code. */
export function reportNoCommand({ output }: Pick<LocalPorts, "output">): number {
  // This is an error, so standard output stays empty.
  output.notice(formatShortHelp());
  return 2;
}

/** Whether the first words are a command of ours, so that plugins' commands don't matter. */
function namesOwnCommand(argv: readonly string[]): boolean {
  const [word = "", second = ""] = argv[0] === "help" ? argv.slice(1) : argv;
  return COMMANDS.some(({ name, aliases = [] }) =>
    name === word || name === `${word} ${second}` || aliases.includes(word)
  );
}

/** Whether a plugin may have added commands. */
async function mayHavePlugins(
  { environment, files }: LocalPorts,
  argv: readonly string[],
): Promise<boolean> {
  if (argv.some((one) => one.startsWith("--config"))) return true;
  const { settingsDirectory } = resolvePaths(environment);
  return await files.facts(`${settingsDirectory}/grants.json`) !== undefined;
}

/**
 * The help that a command line asks for.
 *
 * @returns `undefined` if it asks for none.
 * @throws {UsageError} `usage`
 */
export function requestedHelp(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): string | undefined {
  return argv[0] === "help" ? helpFor(argv.slice(1), commands) : helpAmong(argv, commands);
}

function helpFor(args: readonly string[], commands: readonly CommandSpec[]): string {
  if (args.length === 0) return formatShortHelp(commands);
  if (args[0] === "flags") return formatFlagsHelp();
  if (args[0] === "all") return formatHelp(commands);
  const help = helpOf(args, commands);
  if (help !== undefined) return help;
  throw new UsageError(`unknown command ${showUntrusted(args[0]!)}`, {
    code: "usage",
    hint: "run: okta-aws help",
  });
}

/** With `-h` anywhere: the help of the first command named, else the general help. */
function helpAmong(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): string | undefined {
  if (!argv.includes("-h") && !argv.includes("--help")) return undefined;
  const helps = argv.map((_, at) => helpOf(argv.slice(at), commands));
  return helps.find((found) => found !== undefined) ?? formatShortHelp(commands);
}
