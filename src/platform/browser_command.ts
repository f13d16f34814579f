/**
 * Which program opens a URL in the person's browser, and how it is called.
 *
 * @module
 */

import type { Environment } from "../ports.ts";

/** A program and its arguments. */
export type Command = [string, ...string[]];

const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

function words(command: string): string[] {
  return Array.from(command.matchAll(WORD), (match) => match[1] ?? match[2] ?? match[3]!);
}

function isWsl(environment: Pick<Environment, "get">): boolean {
  return environment.get("WSL_DISTRO_NAME") !== undefined ||
    environment.get("WSL_INTEROP") !== undefined;
}

function systemOpener(environment: Pick<Environment, "get" | "os">): Command {
  // `start` is a word of cmd.exe, to which the & of a query is the end of the command.
  const windows: Command = ["rundll32.exe", "url.dll,FileProtocolHandler"];
  if (environment.os === "darwin") return ["/usr/bin/open"];
  if (environment.os === "windows" || isWsl(environment)) return windows;
  return ["xdg-open"];
}

/**
 * The command that opens a URL: the given browser, else the system's opener (`xdg-open`; `open` on
 * macOS; `rundll32` on Windows and under WSL).
 *
 * @param url The URL.
 * @param browser A program with arguments, in quotes where they hold blanks; `%s` in it stands for
 * the URL, which else comes last. Empty counts as left out.
 * @param environment The system.
 * @returns The program and its arguments; no shell is involved.
 */
export function browserCommand(
  url: string,
  browser: string | undefined,
  environment: Pick<Environment, "get" | "os">,
): Command {
  const [program, ...args] = words(browser ?? "");
  if (program === undefined) return [...systemOpener(environment), url];
  if (!args.some((argument) => argument.includes("%s"))) return [program, ...args, url];
  return [program, ...args.map((argument) => argument.replaceAll("%s", () => url))];
}
