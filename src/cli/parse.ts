/**
 * From the command line to a command: the table turned into a stricli application.
 *
 * @module
 */

import {
  type Application,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  type RouteMap,
  run,
} from "@stricli/core";
import { UsageError } from "../errors.ts";
import { type CommandSpec, flagsOf } from "./command_table.ts";
import { type FlagName, FLAGS, type Flags, type FlagSpec, kebabCase } from "./flags.ts";

/** A command line, read. */
export interface ParsedCommandLine {
  /** The command. */
  command: CommandSpec;
  /** Its flags; those that were not given are not there. */
  flags: Flags;
  /** Its arguments. */
  args: string[];
}

interface ParseContext extends CommandContext {
  found?: ParsedCommandLine;
}

function toStricliFlag(spec: FlagSpec): Record<string, unknown> {
  const common = { brief: spec.brief, optional: true };
  if (spec.values) return { ...common, kind: "enum", values: spec.values };
  if (spec.placeholder === undefined) return { ...common, kind: "boolean", withNegated: false };
  const parse = spec.parse ?? ((value: string) => value);
  return { ...common, kind: "parsed", parse, placeholder: spec.placeholder };
}

function toStricliCommand(command: CommandSpec): Command<ParseContext> {
  const names = flagsOf(command);
  const letters = names.filter((name) => FLAGS[name].letter !== undefined);
  const { placeholder = "", brief = "", minimum = 0, maximum = 0 } = command.args ?? {};
  const limit = command.args && command.args.maximum === undefined ? {} : { maximum };
  const parameter = { brief, placeholder, parse: (value: string) => value };
  return buildCommand<Record<string, unknown>, string[], ParseContext>({
    func(all, ...args) {
      const flags = Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== undefined),
      );
      this.found = { command, flags, args };
    },
    parameters: {
      // The table is data: stricli's inference from a literal has nothing to work on.
      flags: Object.fromEntries(names.map((name) => [name, toStricliFlag(FLAGS[name])])) as never,
      aliases: Object.fromEntries(letters.map((name) => [FLAGS[name].letter, name])) as never,
      positional: { kind: "array", parameter, minimum, ...limit } as never,
    },
    docs: { brief: command.brief },
  });
}

type Routes = Record<string, Command<ParseContext> | RouteMap<ParseContext>>;

/** Names of two words become a route within a route: `kube token` is `token` of `kube`. */
function toRoutes(commands: readonly CommandSpec[]): Routes {
  const routes: Routes = {};
  for (const [word, members] of Map.groupBy(commands, ({ name }) => name.split(" ")[0]!)) {
    const own = members.find(({ name }) => name === word);
    const short = members.map((one) => ({ ...one, short: one.name.slice(word.length + 1) }));
    routes[word] = own !== undefined ? toStricliCommand(own) : buildRouteMap({
      routes: Object.fromEntries(short.map((one) => [one.short, toStricliCommand(one)])),
      docs: { brief: word },
    });
  }
  return routes;
}

function toApplication(commands: readonly CommandSpec[]): Application<ParseContext> {
  const aliases = commands.flatMap(({ name, aliases = [] }) =>
    aliases.map((alias) => [alias, name] as const)
  );
  const root = buildRouteMap<string, ParseContext>({
    routes: toRoutes(commands),
    aliases: Object.fromEntries(aliases),
    docs: { brief: "AWS credentials through Okta, without the daily typing" },
  });
  return buildApplication(root, {
    name: "okta-aws",
    scanner: { caseStyle: "allow-kebab-for-camel" },
    documentation: { disableAnsiColor: true, caseStyle: "convert-camel-to-kebab" },
  });
}

/** aws-okta took its flags in front of the command as well; stricli wants them behind it. */
function flagsLast(argv: readonly string[]): string[] {
  let at = 0;
  while (argv[at]?.startsWith("-")) at += takesNextWord(argv[at]!) ? 2 : 1;
  return [...argv.slice(at), ...argv.slice(0, at)];
}

function takesNextWord(word: string): boolean {
  if (word.includes("=")) return false;
  const name = (Object.keys(FLAGS) as FlagName[]).find((name) =>
    word === `--${kebabCase(name)}` || word === `-${FLAGS[name].letter}`
  );
  return name !== undefined && FLAGS[name].placeholder !== undefined;
}

/**
 * Reads a command line.
 *
 * @param argv The words up to a `--`.
 * @param commands The commands that there are.
 * @returns The command with its flags and arguments.
 * @throws {UsageError} `usage`
 */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): Promise<ParsedCommandLine> {
  let complaint = "";
  const context: ParseContext & { process: { exitCode?: number | string | null } } = {
    process: {
      stdout: { write: () => {} },
      stderr: { write: (text) => void (complaint += text) },
    },
  };
  await run(toApplication(commands), flagsLast(argv), context);
  if (context.found !== undefined) return context.found;
  // stricli knows the flags by their camelCase names, and suggests those.
  const name = namedCommand(argv, commands);
  const said = complaint.trim().replace(/\s*\n\s*/g, "; ").replace(/--[a-z]+[A-Z]\w*/g, kebabCase);
  throw new UsageError(whatOf(name, argv, commands) ?? said, {
    code: "usage",
    hint: name === "exec"
      ? "what exec is to run stands behind --: okta-aws exec PROFILE -- CMD"
      : `run: okta-aws help ${name}`.trim(),
  });
}

/** The command or group that a command line means, as far as it can be told: for a hint. */
function namedCommand(argv: readonly string[], commands: readonly CommandSpec[]): string {
  const at = argv.findIndex((word) => commands.some(({ name }) => name.split(" ")[0] === word));
  const pair = argv.slice(at, at + 2).join(" ");
  if (at < 0) return "";
  return commands.some(({ name }) => name === pair) ? pair : argv[at]!;
}

/** A group's name alone is no command: stricli would take the flag behind it for one. */
function whatOf(
  group: string,
  argv: readonly string[],
  commands: readonly CommandSpec[],
): string | undefined {
  const next = argv[argv.indexOf(group) + 1];
  const members = commands.map(({ name }) => name).filter((name) => name.startsWith(`${group} `));
  if (members.length === 0 || (next !== undefined && !next.startsWith("-"))) return undefined;
  return `${group} what? ${members.join(", ")}`;
}
