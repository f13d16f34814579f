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
  run,
} from "@stricli/core";
import { UsageError } from "../errors.ts";
import { type CommandSpec, flagsOf, type Invocation } from "./command_table.ts";
import { type FlagName, FLAGS, type FlagSpec, kebabCase } from "./flags.ts";

/** A command line, read. */
export interface ParsedCommandLine {
  /** The command. */
  command: CommandSpec;
  /** Its flags; those that were not given are not there. */
  flags: Invocation["flags"];
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

function toApplication(commands: readonly CommandSpec[]): Application<ParseContext> {
  const routes = Object.fromEntries(commands.map((one) => [one.name, toStricliCommand(one)]));
  const aliases = commands.flatMap(({ name, aliases = [] }) =>
    aliases.map((alias) => [alias, name] as const)
  );
  const root = buildRouteMap<string, ParseContext>({
    routes,
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
  const said = complaint.trim().replace(/\s*\n\s*/g, "; ").replace(/--[a-z]+[A-Z]\w*/g, kebabCase);
  const name = commands.find(({ name }) => argv.includes(name))?.name;
  throw new UsageError(said, {
    code: "usage",
    hint: name === "exec"
      ? "what exec is to run stands behind --: okta-aws exec PROFILE -- CMD"
      : `run: okta-aws help ${name ?? ""}`.trim(),
  });
}
