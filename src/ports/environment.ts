/**
 * The environment, as an interface.
 *
 * @module
 */

/** The environment, and what the machine is. */
export interface Environment {
  /** @returns The variable's value; an empty one counts as unset. */
  get(name: string): string | undefined;
  /** All variables, as a child would inherit them. */
  all(): Record<string, string>;
  /** What the program runs on, for reports: `Deno 2.9.6, linux x86_64`. */
  readonly runtime: string;
  /** The operating system. */
  readonly os: "linux" | "darwin" | "windows";
  /** The person's home folder: HOME, then USERPROFILE, then HOMEDRIVE and HOMEPATH. */
  readonly home: string;
  /** How this program is started: the binary's absolute path, or Deno's with the script's. */
  readonly command: readonly [string, ...string[]];
}
