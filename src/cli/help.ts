/**
 * Help texts, made of the command table.
 *
 * @module
 */

import { COMMANDS, type CommandSpec } from "./command_table.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "./flags.ts";
import { wrapText } from "./wrap_text.ts";

/** Narrow terminals have so many columns. */
const COLUMNS = 80;

/** An entry that is wider has its text below it. */
const WIDEST_ENTRY = 30;

/** Two columns, the first as wide as its widest entry; the second is broken where it is too long. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const lengths = rows.map(([left]) => left.length).filter((length) => length <= WIDEST_ENTRY);
  const width = Math.max(0, ...lengths);
  return rows.map(([left, right]) => {
    const lines = wrapText(right, COLUMNS - width - 4);
    if (left.length > width) lines.unshift("");
    return lines.map((line, index) =>
      `  ${(index === 0 ? left : "").padEnd(width)}  ${line}`.trimEnd() + "\n"
    ).join("");
  }).join("");
}

function flagRow(name: FlagName): [string, string] {
  const { letter, placeholder, values, brief } = FLAGS[name];
  const short = letter === undefined ? "    " : `-${letter}, `;
  const value = placeholder === undefined ? "" : ` ${values?.join("|") ?? placeholder}`;
  return [`${short}--${kebabCase(name)}${value}`, brief];
}

/**
 * What there is, in a few lines.
 *
 * @returns The text.
 */
export function formatShortHelp(): string {
  const commands = COMMANDS.map(({ name, brief }) => [name, brief] as const);
  return `okta-aws COMMAND [FLAGS]: AWS credentials through Okta, without the daily typing\n\n${
    columns(commands)
  }\nMore: okta-aws help COMMAND\n`;
}

/**
 * What there is, with the flags that every command takes.
 *
 * @returns The text.
 */
export function formatHelp(): string {
  const rows = [
    ...COMMON_FLAGS.map(flagRow),
    ["    --version", "say which version this is"] as const,
    ["-h, --help", "say this"] as const,
  ];
  return `${formatShortHelp()}\nFlags of every command, in front of it or behind it:\n${
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
  const { name, aliases = [], brief, args, flags } = command;
  const argument = args === undefined ? "" : ` [${args.placeholder}]`;
  const sections = [
    `okta-aws ${name}${argument} [FLAGS]\n`,
    `${brief}\n`,
    ...(aliases.length === 0 ? [] : [`Also called: ${aliases.join(", ")}\n`]),
    ...(args === undefined ? [] : [columns([[args.placeholder, args.brief]])]),
    ...(flags.length === 0 ? [] : [`Flags:\n${columns(flags.map(flagRow))}`]),
    `Flags of every command:\n${columns(COMMON_FLAGS.map(flagRow))}`,
  ];
  return sections.join("\n");
}

/**
 * The command of a name.
 *
 * @param word Its name, or one of its other names.
 * @returns The command, or `undefined`.
 */
export function findCommand(word: string): CommandSpec | undefined {
  return COMMANDS.find(({ name, aliases }) => name === word || aliases?.includes(word));
}
