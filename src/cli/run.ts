/** Runs a command line: parse, load, run, report errors. @module */

import { exitCodeFor, UsageError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { VERSION } from "../version.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { COMMANDS, type CommandSpec } from "./command_table.ts";
import { formatFlagsHelp, formatHelp, formatShortHelp, helpOf } from "./help.ts";
import { flagsLast, parseCommandLine } from "./parse.ts";
import { reportError } from "./output.ts";

/** Runs a command line and returns the exit code. */
export async function runCommandLine(ports: Ports, argv: readonly string[]): Promise<number> {
  if (argv[0] === "__complete") return await complete(ports, argv.slice(1));
  const cut = argv.indexOf("--");
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const tail = cut < 0 ? [] : argv.slice(cut + 1);
  try {
    return await dispatch(ports, own, tail);
  } catch (error) {
    const has = (...names: string[]) => own.some((argument) => names.includes(argument));
    reportError(ports.output, error, { json: has("--json"), debug: has("-d", "--debug") });
    return exitCodeFor(error);
  } finally {
    ports.output.status("");
  }
}

/** What a shell completes, `--` included, is not our own command line. */
async function complete(ports: Ports, typed: readonly string[]): Promise<number> {
  const { runComplete } = await import("./completion/candidates.ts");
  // An error message would break the line that the user types; the command itself reports it.
  return await runComplete(ports, typed).then(() => 0, () => 1);
}

/** Flags that need no command. */
const STANDALONE = ["-h", "--help", "--version"];

async function dispatch(ports: Ports, argv: readonly string[], tail: string[]): Promise<number> {
  const { output } = ports;
  const [first, ...more] = argv;
  if (argv.every((one) => one.startsWith("-") && !STANDALONE.includes(one))) {
    // This is an error, so standard output stays empty.
    output.notice(formatShortHelp());
    return 2;
  }
  if (argv.includes("--version") || flagsLast(argv)[0] === "version") {
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
    throw new UsageError(`${command.name} takes no arguments after --`, { code: "usage" });
  }
  const run = await command.load();
  return await run({ ports, flags, args, tail, argv }) ?? 0;
}

/** Loads plugins only if no command of our own is named. */
async function allCommands(ports: Ports, argv: readonly string[]): Promise<readonly CommandSpec[]> {
  const names = new Set(COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  const [word = "", second = ""] = flagsLast(argv[0] === "help" ? argv.slice(1) : argv);
  if (names.has(word) || names.has(`${word} ${second}`)) return COMMANDS;
  const { pluginCommands } = await import("./plugin_commands.ts");
  return [...COMMANDS, ...await pluginCommands(ports, argv)];
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
