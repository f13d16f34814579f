/** The `credential_process` lines of the AWS files, and which program each of them runs. */

import { splitShellWords } from "../ini/section_name.ts";
import { parseSharedConfig } from "../aws/files/shared_config.ts";
import type { SharedFileKind } from "../aws/files/shared_config.ts";

/** A `credential_process`. */
export interface AwsProcess {
  profile: string;
  kind: SharedFileKind;
  /** The line as written. */
  command: string;
  /** Its program without folder and `.exe`. */
  program: string;
  args: string[];
  /** The profile's other keys. */
  keys: ReadonlyMap<string, string>;
}

/** The processes of a file. A profile of the credentials file wins over the config file's. */
export function readProcesses(text: string, kind: SharedFileKind): AwsProcess[] {
  const { profiles } = parseSharedConfig(text, kind);
  return [...profiles].flatMap(([profile, { properties }]) => {
    const command = properties.get("credential_process")?.value ?? "";
    if (command === "") return [];
    const keys = new Map([...properties].map(([key, { value }]) => [key, value] as const));
    return [{ profile, kind, command, keys, ...splitCommand(command) }];
  });
}

/** Windows paths have backslashes, which a shell would remove. */
function splitCommand(command: string): { program: string; args: string[] } {
  const isWindows = /^"?[A-Za-z]:\\/.test(command);
  // A quote that is not closed: the program is known at least.
  const words = splitShellWords(isWindows ? command.replaceAll("\\", "/") : command) ??
    command.trim().split(/\s+/, 1);
  const [first = "", ...args] = words;
  const program = first.replace(/^.*[\\/]/, "").replace(/\.(?:exe|cmd|bat|py)$/i, "");
  return { program, args };
}

/** Options of a command line: those with a value by their long names, and the other words. */
export interface ParsedOptions {
  values: Map<string, string>;
  words: string[];
}

/**
 * Reads the options of another tool's command line.
 *
 * @param withValue The options that take a value: long name, or short name to long name.
 */
export function parseOptions(
  args: readonly string[],
  withValue: Readonly<Record<string, string>>,
): ParsedOptions {
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const [, option, inline] = /^(--?[^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const long = withValue[option ?? ""];
    const glued = withValue[word.slice(0, 2)];
    if (long !== undefined) values.set(long, inline ?? args[++at] ?? "");
    else if (glued !== undefined && !word.startsWith("--")) values.set(glued, word.slice(2));
  }
  return { values, words };
}

/** Long options that take a value under their own names, and short ones. */
export function options(
  long: readonly string[],
  short: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const named = long.map((name) => [`--${name}`, name] as const);
  const letters = Object.entries(short).map(([letter, name]) => [`-${letter}`, name] as const);
  return Object.fromEntries([...named, ...letters]);
}
