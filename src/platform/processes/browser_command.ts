/**
 * Which program opens a URL in the person's browser, and how it is called.
 *
 * @module
 */

import type { Environment } from "../../ports.ts";
import { splitCommand } from "./command_words.ts";

/** A program and its arguments. */
export type Command = [string, ...string[]];

function isWsl(environment: Pick<Environment, "get">): boolean {
  return environment.get("WSL_DISTRO_NAME") !== undefined ||
    environment.get("WSL_INTEROP") !== undefined;
}

/** How a URL gets to a browser. */
export interface Opener {
  /** The program and its arguments. */
  command: Command;
  /** What it reads on standard input: other people on the machine can't see that, as they can argv. */
  input?: string;
}

/** The word that stands for `firefox %c`. */
const FIREFOX_CONTAINER = "firefox-container";

function systemOpener(url: string, environment: Pick<Environment, "get" | "os">): Opener {
  if (environment.os === "darwin") {
    const quoted = url.replace(/["\\]/g, "\\$&");
    return { command: ["/usr/bin/osascript", "-"], input: `open location "${quoted}"\n` };
  }
  if (environment.os === "windows" || isWsl(environment)) {
    // `start` is a word of cmd.exe, to which the & of a query is the end of the command.
    const script = "Start-Process -FilePath ([Console]::In.ReadLine())";
    const command: Command = [
      "powershell.exe",
      "-NoProfile",
      "-NonInteractive",
      "-Command",
      script,
    ];
    return { command, input: `${url}\n` };
  }
  return { command: ["xdg-open", url] };
}

/** The link that opens a URL in a Firefox container (extension "Open external links in a container"). */
function containerLink(url: string, container: string): string {
  return `ext+container:name=${encodeURIComponent(container)}&url=${encodeURIComponent(url)}`;
}

/**
 * How to open a URL: with the given browser, else with the system's opener (`xdg-open`; `osascript` on
 * macOS and PowerShell on Windows and under WSL, which read the URL from standard input).
 *
 * @param url The URL.
 * @param browser A program with arguments, in quotes where they hold blanks; `%s` in it stands for
 * the URL, `%c` for a link that opens it in a Firefox container; the URL comes last where neither is
 * there. `firefox-container` is short for `firefox %c`. Empty counts as left out.
 * @param container What the container is called.
 * @param environment The system.
 * @returns The program, its arguments and its input; no shell is involved.
 */
export function browserOpener(
  url: string,
  browser: string | undefined,
  container: string,
  environment: Pick<Environment, "get" | "os">,
): Opener {
  const given = browser?.trim() === FIREFOX_CONTAINER ? "firefox %c" : browser;
  const [program, ...args] = splitCommand(given ?? "");
  if (program === undefined) return systemOpener(url, environment);
  if (!args.some((argument) => /%[sc]/.test(argument))) {
    return { command: [program, ...args, url] };
  }
  const link = containerLink(url, container);
  const fill = (argument: string) => argument.replace(/%[sc]/g, (at) => at === "%s" ? url : link);
  return { command: [program, ...args.map(fill)] };
}
