/** Help texts, generated from the command table. @module */

import { type CommandGroup, COMMANDS, type CommandSpec } from "./command_table.ts";
import { examplesOf } from "./examples.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "./flags.ts";
import { wrapText } from "../wrap_text.ts";

const COLUMNS = 80;

/** A wider entry has its text on the next line. */
const WIDEST_ENTRY = 30;

/** Two columns; the first is as wide as its widest entry, the second wraps. */
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

/** How a flag is written: `-t`, `--session-ttl DURATION`. */
export function flagSpelling(name: FlagName): { short: string | undefined; long: string } {
  const { letter, placeholder, values } = FLAGS[name];
  const value = placeholder === undefined ? "" : ` ${values?.join("|") ?? placeholder}`;
  return { short: letter && `-${letter}`, long: `--${kebabCase(name)}${value}` };
}

/** The arguments of a command: `FILE`, `[ROLE…]`; empty if it takes none. */
export function argumentsOf({ args }: CommandSpec): string {
  if (args === undefined) return "";
  const { placeholder, minimum, maximum } = args;
  const text = `${placeholder}${maximum === undefined ? "…" : ""}`;
  // exec's placeholder has the dashes before the command, a group's has brackets of its own.
  return minimum > 0 ? text : `[${text}]`;
}

function flagRows(names: readonly FlagName[], briefs: CommandSpec["briefs"] = {}) {
  return names.filter((name) => !FLAGS[name].hidden).map((name) => {
    const { short, long } = flagSpelling(name);
    const begin = short === undefined ? "    " : `${short}, `;
    return [`${begin}${long}`, briefs[name] ?? FLAGS[name].brief] as const;
  });
}

const GROUPS: readonly [CommandGroup, string][] = [
  ["start", "Start"],
  ["daily", "Daily"],
  ["kubernetes", "Kubernetes"],
  ["manage", "Manage"],
];

const USAGE = "okta-aws COMMAND [FLAGS]: get AWS credentials through Okta";

/** For commands of two words, which share a row. */
const SHARED_BRIEFS: Record<string, string> = {
  kube: "EKS tokens and kubeconfig",
  plugin: "manage plugins",
};

/** One row a command; commands like `plugin add` and `plugin list` share one. */
function groupRows(members: readonly CommandSpec[]): (readonly [string, string])[] {
  return [...Map.groupBy(members, ({ name }) => name.split(" ")[0]!)].map(([word, some]) => {
    const [{ name, brief }, ...others] = some as [CommandSpec];
    if (others.length === 0) return [name, brief] as const;
    const names = some.map((one) => one.name.slice(word.length + 1)).join(", ");
    return [word, `${SHARED_BRIEFS[word] ?? "commands"}: ${names}`] as const;
  });
}

/** The commands that most people use, in groups; fits a small terminal. */
export function formatShortHelp(all: readonly CommandSpec[] = COMMANDS): string {
  const own = new Set(COMMANDS);
  const sections: (readonly [string, readonly CommandSpec[]])[] = [
    ...GROUPS.map(([group, title]) =>
      [
        title,
        all.filter((one) => own.has(one) && (one.group ?? "manage") === group),
      ] as const
    ),
    ["Plugins", all.filter((one) => !own.has(one))],
  ];
  const titled = sections.map(([title, members]) => [title, groupRows(members)] as const)
    .filter(([, rows]) => rows.length > 0);
  const width = Math.max(...titled.flatMap(([, rows]) => rows.map(([name]) => name.length)));
  const lines = titled.flatMap(([title, rows]) =>
    rows.map(([name, brief], index) =>
      `${(index === 0 ? title : "").padEnd(12)}${name.padEnd(width)}  ${brief}\n`
    )
  );
  return `${USAGE}\n${lines.join("")}\nMore: okta-aws help COMMAND, help flags, help all\n`;
}

/** The global flags. */
export function formatFlagsHelp(): string {
  const rows = [
    ...flagRows(COMMON_FLAGS),
    ["    --version", "print the version"] as const,
    ["-h, --help", "show help"] as const,
  ];
  return `Global flags, before or after the command:\n${columns(rows)}`;
}

/** Every command and the global flags. */
export function formatHelp(all: readonly CommandSpec[] = COMMANDS): string {
  const rows = all.map(({ name, brief }) => [name, brief] as const);
  return `${USAGE}\n\n${columns(rows)}\nMore: okta-aws help COMMAND\n\n${formatFlagsHelp()}`;
}

/** The help of one command. */
export function formatCommandHelp(command: CommandSpec): string {
  const { name, aliases = [], brief, args, flags, briefs } = command;
  const usage = ["okta-aws", name, argumentsOf(command), "[FLAGS]"].filter((part) => part !== "");
  const examples = examplesOf(name).map(([line, purpose]) => `  ${line}\n      ${purpose}\n`);
  const sections = [
    `${usage.join(" ")}\n`,
    `${brief}\n`,
    ...(aliases.length === 0 ? [] : [`Aliases: ${aliases.join(", ")}\n`]),
    ...(args === undefined ? [] : [columns([[args.placeholder, args.brief]])]),
    ...(flags.length === 0 ? [] : [`Flags:\n${columns(flagRows(flags, briefs))}`]),
    ...(examples.length === 0 ? [] : [`Examples:\n${examples.join("")}`]),
    "Global flags (--account, --json, --quiet, …): okta-aws help flags\n",
  ];
  return sections.join("\n");
}

function formatGroupHelp(group: string, members: readonly CommandSpec[]): string {
  const rows = members.map(({ name, brief }) => [name, brief] as const);
  return `okta-aws ${group} COMMAND [FLAGS]\n\n${
    columns(rows)
  }\nMore: okta-aws help ${group} COMMAND\n`;
}

/**
 * The help of the command or group that some arguments begin with.
 *
 * @param args `["refresh"]`, or `["kube", "token"]` for a command of a group.
 * @returns `undefined` if there is no such command.
 */
export function helpOf(
  args: readonly string[],
  commands: readonly CommandSpec[] = COMMANDS,
): string | undefined {
  const [first = "", second] = args;
  const command = commands.find(({ name, aliases }) =>
    name === first || name === `${first} ${second}` || aliases?.includes(first)
  );
  if (command !== undefined) return formatCommandHelp(command);
  const members = commands.filter(({ name }) => name.startsWith(`${first} `));
  return members.length === 0 ? undefined : formatGroupHelp(first, members);
}
