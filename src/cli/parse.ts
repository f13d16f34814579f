/** Parses the command line with stricli. @module */

import {
  AliasNotFoundError,
  type Application,
  ArgumentParseError,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type Command,
  type CommandContext,
  EnumValidationError,
  FlagNotFoundError,
  type RouteMap,
  run,
  text_en,
  UnexpectedFlagError,
  UnexpectedPositionalError,
  UnsatisfiedFlagError,
  UnsatisfiedPositionalError,
} from "@stricli/core";
import { UsageError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { type CommandSpec, flagsOf } from "./command_table.ts";
import { type FlagName, FLAGS, type Flags, type FlagSpec, kebabCase, SAME_WORD } from "./flags.ts";

/** A parsed command line. */
export interface ParsedCommandLine {
  command: CommandSpec;
  flags: Flags;
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
  const variadic = spec.repeatable === true;
  return { ...common, kind: "parsed", parse, placeholder: spec.placeholder, variadic };
}

function toStricliCommand(command: CommandSpec): Command<ParseContext> {
  const names = flagsOf(command);
  const letters = names.filter((name) => FLAGS[name].letter !== undefined);
  const { placeholder = "", brief = "", minimum = 0, maximum = 0 } = command.args ?? {};
  const limit = command.args && command.args.maximum === undefined ? {} : { maximum };
  const parameter = { brief, placeholder, parse: (value: string) => value };
  const word = (name: FlagName) => SAME_WORD[name] ?? name;
  const named = new Map(names.map((name) => [word(name), name] as const));
  return buildCommand<Record<string, unknown>, string[], ParseContext>({
    func(all, ...args) {
      const flags = Object.fromEntries(
        Object.entries(all).filter(([, value]) => value !== undefined)
          .map(([word, value]) => [named.get(word as FlagName) ?? word, value]),
      );
      this.found = { command, flags, args };
    },
    parameters: {
      // stricli infers types from a literal; our table is data.
      flags: Object.fromEntries(
        names.map((name) => [word(name), toStricliFlag(FLAGS[name])]),
      ) as never,
      aliases: Object.fromEntries(letters.map((name) => [FLAGS[name].letter, name])) as never,
      positional: { kind: "array", parameter, minimum, ...limit } as never,
    },
    docs: { brief: command.brief },
  });
}

type Routes = Record<string, Command<ParseContext> | RouteMap<ParseContext>>;

/** `kube token` becomes the route `token` in the route `kube`. */
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

/** stricli puts some names in backticks. */
function formatCorrections(corrections: readonly string[]): string {
  if (corrections.length === 0) return "";
  return ` (did you mean ${corrections.join(" or ").replaceAll("`", "")}?)`;
}

/** stricli has camelCase names in places. */
function flag(name: string): string {
  return `--${kebabCase(name)}`;
}

function quote(text: string): string {
  return JSON.stringify(showUntrusted(text));
}

/** Other tools' flags for our global ones. */
const MEANT: Readonly<Record<string, string>> = {
  verbose: "--debug",
  v: "--debug",
  V: "--version",
  silent: "--quiet",
};

/** What is wrong with flags or arguments, in our words. */
function describeProblem(error: unknown): string {
  if (error instanceof FlagNotFoundError) {
    const meant = MEANT[error.input];
    const corrections = meant ? [meant] : [...new Set(error.corrections.map(flag))];
    return `unknown flag ${flag(error.input)}${formatCorrections(corrections)}`;
  }
  if (error instanceof AliasNotFoundError) {
    const meant = MEANT[error.input];
    return `unknown flag -${error.input}${formatCorrections(meant ? [meant] : [])}`;
  }
  if (error instanceof ArgumentParseError) {
    const { externalFlagNameOrPlaceholder: name, input, exception } = error;
    const reason = exception instanceof Error ? exception.message : String(exception);
    return `invalid ${flag(name)} ${quote(input)}: ${reason}`;
  }
  if (error instanceof EnumValidationError) {
    const { externalFlagName, input, values } = error;
    return `invalid ${flag(externalFlagName)} ${quote(input)}: expected ${values.join(", ")}`;
  }
  if (error instanceof UnsatisfiedFlagError) {
    return `missing value for ${flag(error.externalFlagName)}`;
  }
  if (error instanceof UnexpectedFlagError) {
    const { externalFlagName, previousInput, input } = error;
    return `${flag(externalFlagName)} given twice: ${quote(previousInput)} and ${quote(input)}`;
  }
  if (error instanceof UnexpectedPositionalError) {
    return `unexpected argument ${quote(error.input)}`;
  }
  if (error instanceof UnsatisfiedPositionalError) return `missing argument: ${error.placeholder}`;
  return error instanceof Error ? error.message : String(error);
}

type OnProblem = (error: unknown) => void;

function toApplication(
  commands: readonly CommandSpec[],
  onProblem: OnProblem,
): Application<ParseContext> {
  const aliases = commands.flatMap(({ name, aliases = [] }) =>
    aliases.map((alias) => [alias, name] as const)
  );
  const root = buildRouteMap<string, ParseContext>({
    routes: toRoutes(commands),
    aliases: Object.fromEntries(aliases),
    docs: { brief: "get AWS credentials through Okta" },
  });
  const text = {
    ...text_en,
    noCommandRegisteredForInput: (
      { input, corrections }: { input: string; corrections: readonly string[] },
    ) => `unknown command ${quote(input)}${formatCorrections(corrections)}`,
    exceptionWhileParsingArguments(error: unknown) {
      onProblem(error);
      return describeProblem(error);
    },
  };
  return buildApplication(root, {
    name: "okta-aws",
    scanner: { caseStyle: "allow-kebab-for-camel" },
    documentation: { disableAnsiColor: true, caseStyle: "convert-camel-to-kebab" },
    localization: { text },
  });
}

/** aws-okta accepts flags before the command; stricli needs them after it. */
export function flagsLast(argv: readonly string[]): string[] {
  let at = 0;
  while (argv[at]?.startsWith("-")) at += takesNextArgument(argv[at]!, argv[at + 1]) ? 2 : 1;
  return [...argv.slice(at), ...argv.slice(0, at)];
}

function takesNextArgument(argument: string, next: string | undefined): boolean {
  if (argument.includes("=")) return false;
  // A switch of `init`, which takes a value elsewhere.
  if (argument === "--browser" && (next === "init" || next === "add")) return false;
  const name = (Object.keys(FLAGS) as FlagName[]).find((name) =>
    argument === flag(name) || argument === `-${FLAGS[name].letter}`
  );
  return name !== undefined && FLAGS[name].placeholder !== undefined;
}

/**
 * Finds the command with its flags and arguments.
 *
 * @param argv The arguments up to a `--`.
 * @throws {UsageError} `usage`
 */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly CommandSpec[],
): Promise<ParsedCommandLine> {
  let message = "";
  let problem: unknown;
  const context: ParseContext & { process: { exitCode?: number | string | null } } = {
    process: {
      stdout: { write: () => {} },
      stderr: { write: (text) => void (message += text) },
    },
  };
  const words = flagsLast(argv);
  const application = toApplication(candidates(words, commands), (error) => problem = error);
  await run(application, words, context);
  if (context.found !== undefined) return context.found;
  const name = commandNameIn(argv, commands);
  const isCommandToRun = name === "exec" && problem instanceof UnexpectedPositionalError;
  throw new UsageError(missingSubcommand(name, argv, commands) ?? message.trim(), {
    code: "usage",
    hint: isCommandToRun
      ? "put the command after --: okta-aws exec PROFILE -- CMD"
      : `run: okta-aws help ${name}`.trim(),
  });
}

/** The command or group of a command line; if there is none, all, for the suggestions. */
function candidates(
  [word = ""]: readonly string[],
  commands: readonly CommandSpec[],
): readonly CommandSpec[] {
  const named = commands.filter(({ name, aliases = [] }) =>
    name.split(" ")[0] === word || aliases.includes(word)
  );
  return named.length > 0 ? named : commands;
}

/** The command or group in a command line that can't be parsed; empty if there is none. */
function commandNameIn(argv: readonly string[], commands: readonly CommandSpec[]): string {
  const at = argv.findIndex((word) => commands.some(({ name }) => name.split(" ")[0] === word));
  const pair = argv.slice(at, at + 2).join(" ");
  if (at < 0) return "";
  return commands.some(({ name }) => name === pair) ? pair : argv[at]!;
}

/** stricli would take the flag after a group's name for its command. */
function missingSubcommand(
  group: string,
  argv: readonly string[],
  commands: readonly CommandSpec[],
): string | undefined {
  const next = argv[argv.indexOf(group) + 1];
  const members = commands.map(({ name }) => name).filter((name) => name.startsWith(`${group} `));
  if (members.length === 0 || (next !== undefined && !next.startsWith("-"))) return undefined;
  return `missing subcommand: ${members.join(", ")}`;
}
