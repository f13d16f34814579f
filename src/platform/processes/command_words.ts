/**
 * Command lines that stand in settings and variables.
 *
 * @module
 */

const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

/**
 * Splits a command line at its blanks; no shell is involved.
 *
 * @param command The line; words with blanks stand in single or double quotes.
 * @returns The program and its arguments; none where the line is blank.
 */
export function splitCommand(command: string): string[] {
  return Array.from(command.matchAll(WORD), (match) => match[1] ?? match[2] ?? match[3]!);
}
