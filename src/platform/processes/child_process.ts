/** What we give to the programs we start: command line and environment. @module */

/** Variables that hold our secrets. */
const OURS: ReadonlySet<string> = new Set([
  "OKTA_AWS_PASSWORD",
  "OKTA_AWS_TOTP",
  "OKTA_AWS_FILE_PASSPHRASE",
]);

/** A copy of the environment without our secrets. Names match in any case, as on Windows. */
export function childEnvironment(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !OURS.has(name.toUpperCase())));
}

const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

/**
 * Splits a command line of the settings at its blanks, outside of single and double quotes. No shell
 * is involved.
 */
export function splitCommand(command: string): string[] {
  return Array.from(command.matchAll(WORD), (match) => match[1] ?? match[2] ?? match[3]!);
}
