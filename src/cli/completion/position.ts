/**
 * What stands at the cursor of a command line that is being typed. stricli's own proposals know
 * neither flags in front of the command nor `--flag=value`, so the words are read here.
 *
 * @module
 */

import { type CommandSpec, flagsOf } from "../command_table.ts";
import { COMMON_FLAGS, type FlagName, FLAGS, kebabCase } from "../flags.ts";

/** What is known in front of the cursor. */
interface Before {
  /** The command, once it stands there. */
  command?: CommandSpec;
  /** The words of a name that is not whole yet: `kube`. */
  group: string[];
  /** The arguments so far. */
  args: string[];
  /** The flags so far. */
  used: Set<FlagName>;
  /** The flag whose value comes next. */
  waiting?: FlagName | undefined;
  /** Whether `--` stands there. */
  behindDashes: boolean;
}

/** What the word at the cursor is the beginning of. */
export type Position =
  | { kind: "command"; group: readonly string[] }
  | { kind: "flag"; names: readonly FlagName[] }
  | { kind: "value"; flag: FlagName; prefix: string }
  | { kind: "argument"; command: CommandSpec; index: number; args: readonly string[] }
  | { kind: "nothing" };

function flagNamed(word: string): FlagName | undefined {
  const [name] = word.split("=");
  return (Object.keys(FLAGS) as FlagName[]).find((one) =>
    name === `--${kebabCase(one)}` || name === `-${FLAGS[one].letter}`
  );
}

function readWord(before: Before, word: string, commands: readonly CommandSpec[]): Before {
  const { command, group, args, used, waiting, behindDashes } = before;
  if (behindDashes) return before;
  if (waiting !== undefined) return { ...before, waiting: undefined };
  if (word === "--") return { ...before, behindDashes: true };
  if (word.startsWith("-")) {
    const flag = flagNamed(word);
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
 * Tells what the last word of a command line is the beginning of.
 *
 * @param words The words behind the program's name; the last one, maybe empty, is at the cursor.
 * @param commands The commands that there are.
 * @returns What may stand there.
 */
export function positionOf(words: readonly string[], commands: readonly CommandSpec[]): Position {
  const partial = words.at(-1) ?? "";
  let before: Before = { group: [], args: [], used: new Set(), behindDashes: false };
  for (const word of words.slice(0, -1)) before = readWord(before, word, commands);
  const { command, group, args, used, waiting } = before;
  if (before.behindDashes) return { kind: "nothing" };
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
