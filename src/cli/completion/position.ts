/**
 * What is at the cursor of a command line that is being typed. stricli's own proposals don't support
 * flags before the command or `--flag=value`.
 *
 * @module
 */

import { type CommandSpec, flagsOf } from "../command_table.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "../flags.ts";

/** What is before the cursor. */
interface Before {
  command?: CommandSpec;
  /** An incomplete name: `kube`. */
  group: string[];
  args: string[];
  used: Set<FlagName>;
  /** The flag whose value comes next. */
  waiting?: FlagName | undefined;
  afterDashes: boolean;
}

/** What the word at the cursor may become. */
export type Position =
  | { kind: "command"; group: readonly string[] }
  | { kind: "flag"; names: readonly FlagName[] }
  | { kind: "value"; flag: FlagName; prefix: string }
  | { kind: "argument"; command: CommandSpec; index: number; args: readonly string[] }
  | { kind: "nothing" };

function flagNamed(word: string, command?: CommandSpec): FlagName | undefined {
  const [name] = word.split("=");
  const fitting = (Object.keys(FLAGS) as FlagName[]).filter((one) =>
    name === `--${kebabCase(one)}` || name === `-${FLAGS[one].letter}`
  );
  return fitting.find((one) => command?.flags.includes(one)) ?? fitting[0];
}

function readWord(before: Before, word: string, commands: readonly CommandSpec[]): Before {
  const { command, group, args, used, waiting, afterDashes } = before;
  if (afterDashes) return before;
  if (waiting !== undefined) return { ...before, waiting: undefined };
  if (word === "--") return { ...before, afterDashes: true };
  if (word.startsWith("-")) {
    const flag = flagNamed(word, command);
    if (flag === undefined) return before;
    const takesNext = FLAGS[flag].placeholder !== undefined && !word.includes("=");
    return { ...before, used: new Set([...used, flag]), waiting: takesNext ? flag : undefined };
  }
  if (command !== undefined) return { ...before, args: [...args, word] };
  const words = [...group, word];
  const found = commands.find(({ name, aliases }) =>
    name === words.join(" ") || aliases?.includes(words.join(" "))
  );
  return found === undefined ? { ...before, group: words } : { ...before, command: found };
}

/**
 * What the word at the cursor may become.
 *
 * @param words The arguments; the last one, maybe empty, is at the cursor.
 */
export function positionOf(words: readonly string[], commands: readonly CommandSpec[]): Position {
  const partial = words.at(-1) ?? "";
  let before: Before = { group: [], args: [], used: new Set(), afterDashes: false };
  for (const word of words.slice(0, -1)) before = readWord(before, word, commands);
  const { command, group, args, used, waiting } = before;
  if (before.afterDashes) return { kind: "nothing" };
  if (waiting !== undefined) return { kind: "value", flag: waiting, prefix: "" };
  const glued = partial.includes("=") ? flagNamed(partial) : undefined;
  if (glued !== undefined) {
    return { kind: "value", flag: glued, prefix: partial.slice(0, partial.indexOf("=") + 1) };
  }
  if (partial.startsWith("-")) {
    const all = command === undefined ? COMMON_FLAGS : flagsOf(command);
    return { kind: "flag", names: all.filter((name) => !used.has(name)) };
  }
  if (command === undefined) return { kind: "command", group };
  return { kind: "argument", command, index: args.length, args };
}
