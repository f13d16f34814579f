/** Runs a command line: parse, load, run, report errors. @module */

import { exitCodeFor, UsageError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { VERSION } from "../version.ts";
import { loadCommand, type LoadModule } from "./command_code.ts";
import { COMMANDS, type CommandSpec } from "./command_table.ts";
import { flagsLast, parseCommandLine } from "./parse.ts";
import { reportError } from "./output.ts";
import { lacksCommand, reportNoCommand, requestedHelp } from "./standalone.ts";

/**
 * Runs a command line that `standalone.ts` has no answer to.
 *
 * @returns The exit code.
 */
export async function runCommandLine(
  ports: Ports,
  argv: readonly string[],
  loadModule: LoadModule,
): Promise<number> {
  const cut = argv.indexOf("--");
  const own = cut < 0 ? argv : argv.slice(0, cut);
  const tail = cut < 0 ? [] : argv.slice(cut + 1);
  try {
    return await dispatch({ ports, loadModule }, own, tail);
  } catch (error) {
    const has = (...names: string[]) => own.some((argument) => names.includes(argument));
    reportError(ports.output, error, { json: has("--json"), debug: has("-d", "--debug") });
    return exitCodeFor(error);
  } finally {
    ports.output.status("");
  }
}

type ManPage = typeof import("./man_page.ts");
type PluginCommands = typeof import("./plugin_commands.ts");

/** What a command line runs with. */
interface Run {
  ports: Ports;
  loadModule: LoadModule;
}

async function dispatch(
  { ports, loadModule }: Run,
  argv: readonly string[],
  tail: string[],
): Promise<number> {
  const { output } = ports;
  if (lacksCommand(argv)) return reportNoCommand(ports);
  if (argv.includes("--version") || flagsLast(argv)[0] === "version") {
    output.answer(`okta-aws ${VERSION}\n`);
    return 0;
  }
  const commands = await allCommands(ports, argv);
  if (argv[0] === "help" && argv[1] === "man" && argv.length === 2) {
    const { formatManPage } = await import("./man_page.ts" as string) as ManPage;
    output.answer(formatManPage(new Date(ports.clock.now()).toISOString().slice(0, 10)));
    return 0;
  }
  const help = requestedHelp(argv, commands);
  if (help !== undefined) {
    output.answer(help);
    return 0;
  }
  const { command, flags, args } = await parseCommandLine(argv, commands);
  if (tail.length > 0 && command.name !== "exec") {
    throw new UsageError(`${command.name} takes no arguments after --`, { code: "usage" });
  }
  const run = await loadCommand(command, loadModule);
  return await run({ ports, flags, args, tail, argv }) ?? 0;
}

/** Loads plugins only if no command of our own is named. */
async function allCommands(ports: Ports, argv: readonly string[]): Promise<readonly CommandSpec[]> {
  const names = new Set(COMMANDS.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  const [word = "", second = ""] = flagsLast(argv[0] === "help" ? argv.slice(1) : argv);
  if (names.has(word) || names.has(`${word} ${second}`)) return COMMANDS;
  const { pluginCommands } = await import(
    "./plugin_commands.ts" as string
  ) as PluginCommands;
  return [...COMMANDS, ...await pluginCommands(ports, argv)];
}
