/**
 * Help texts, made of the command table.
 *
 * @module
 */

import { COMMANDS, type CommandSpec } from "./command_table.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "./flags.ts";

/** Two columns, the first as wide as its widest entry. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}\n`).join("");
}

function flagRow(name: FlagName, ownBrief?: string): [string, string] {
  const { letter, placeholder, values, brief } = FLAGS[name];
  const short = letter === undefined ? "    " : `-${letter}, `;
  const value = placeholder === undefined ? "" : ` ${values?.join("|") ?? placeholder}`;
  return [`${short}--${kebabCase(name)}${value}`, ownBrief ?? brief];
}

/**
 * What there is, in a few lines.
 *
 * @param all The commands that there are.
 * @returns The text.
 */
export function formatShortHelp(all: readonly CommandSpec[] = COMMANDS): string {
  const commands = all.map(({ name, brief }) => [name, brief] as const);
  return `okta-aws COMMAND [FLAGS]: AWS credentials through Okta, without the daily typing\n\n${
    columns(commands)
  }\nMore: okta-aws help COMMAND\n`;
}

/**
 * What there is, with the flags that every command takes.
 *
 * @param all The commands that there are.
 * @returns The text.
 */
export function formatHelp(all: readonly CommandSpec[] = COMMANDS): string {
  const rows = [
    ...COMMON_FLAGS.map((flag) => flagRow(flag)),
    ["    --version", "say which version this is"] as const,
    ["-h, --help", "say this"] as const,
  ];
  return `${formatShortHelp(all)}\nFlags of every command, in front of it or behind it:\n${
    columns(rows)
  }`;
}

/**
 * A command's help.
 *
 * @param command The command.
 * @returns The text.
 */
export function formatCommandHelp(command: CommandSpec): string {
  const { name, aliases = [], brief, args, flags, briefs = {} } = command;
  const argument = args === undefined ? "" : ` [${args.placeholder}]`;
  const sections = [
    `okta-aws ${name}${argument} [FLAGS]\n`,
    `${brief}\n`,
    ...(aliases.length === 0 ? [] : [`Also called: ${aliases.join(", ")}\n`]),
    ...(args === undefined ? [] : [columns([[args.placeholder, args.brief]])]),
    ...(flags.length === 0
      ? []
      : [`Flags:\n${columns(flags.map((flag) => flagRow(flag, briefs[flag])))}`]),
    `Flags of every command:\n${columns(COMMON_FLAGS.map((flag) => flagRow(flag)))}`,
  ];
  return sections.join("\n");
}

/** What the commands of a group do. */
function formatGroupHelp(group: string, members: readonly CommandSpec[]): string {
  const rows = members.map(({ name, brief }) => [name, brief] as const);
  return `okta-aws ${group} COMMAND [FLAGS]\n\n${
    columns(rows)
  }\nMore: okta-aws help ${group} COMMAND\n`;
}

/**
 * The help of the command or the group whose name some words begin with.
 *
 * @param words A command's name, or one of its other names; for a group's command two words.
 * @param commands The commands that there are.
 * @returns The text, or `undefined` where there is no such command.
 */
export function helpOf(
  words: readonly string[],
  commands: readonly CommandSpec[] = COMMANDS,
): string | undefined {
  const [first = "", second] = words;
  const command = commands.find(({ name, aliases }) =>
    name === first || name === `${first} ${second}` || aliases?.includes(first)
  );
  if (command !== undefined) return formatCommandHelp(command);
  const members = commands.filter(({ name }) => name.startsWith(`${first} `));
  return members.length === 0 ? undefined : formatGroupHelp(first, members);
}
