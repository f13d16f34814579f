/** Opens URLs in the user's browser and shows desktop notifications. @module */

import { InteractionError, SettingsError } from "../../errors.ts";
import type { BrowserOptions, Environment } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { childEnvironment, splitCommand } from "./child_process.ts";
import { findProgram, lookupIn } from "./find_program.ts";

type System = Pick<Environment, "get" | "os">;

/** A program with its arguments, and its standard input, which other users can't see. */
export interface DesktopCommand {
  command: [string, ...string[]];
  input?: string;
}

/** An opener that still runs after this long has worked. */
const OPENER_MILLISECONDS = 3_000;
const NOTIFICATION_MILLISECONDS = 3_000;

/** Short for `firefox %c`. */
const FIREFOX_CONTAINER = "firefox-container";

function isWsl({ get }: System): boolean {
  return get("WSL_DISTRO_NAME") !== undefined || get("WSL_INTEROP") !== undefined;
}

function osascript(script: string): DesktopCommand {
  return { command: ["/usr/bin/osascript", "-"], input: `${script}\n` };
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function systemOpener(url: string, system: System): DesktopCommand {
  if (system.os === "darwin") return osascript(`open location ${quote(url)}`);
  if (system.os === "windows" || isWsl(system)) {
    // Not cmd.exe's `start`: there the & of a query ends the command.
    const script = "Start-Process -FilePath ([Console]::In.ReadLine())";
    return {
      command: ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", script],
      input: `${url}\n`,
    };
  }
  return { command: ["xdg-open", url] };
}

/** Opens a URL in a Firefox container (extension "Open external links in a container"). */
function containerLink(url: string, container: string): string {
  return `ext+container:name=${encodeURIComponent(container)}&url=${encodeURIComponent(url)}`;
}

/**
 * How to open a URL: with the given browser, otherwise with the system's opener (`xdg-open`;
 * `osascript` on macOS, PowerShell on Windows and WSL).
 *
 * `browser` is a command line. In it `%s` is the URL, `%c` a link that opens it in a Firefox
 * container; without either the URL comes last. Empty means no browser was given.
 */
export function browserOpener(
  url: string,
  { browser, container = "AWS" }: BrowserOptions,
  system: System,
): DesktopCommand {
  const given = browser?.trim() === FIREFOX_CONTAINER ? "firefox %c" : browser;
  const [program, ...args] = splitCommand(given ?? "");
  if (program === undefined) return systemOpener(url, system);
  if (!args.some((argument) => /%[sc]/.test(argument))) {
    return { command: [program, ...args, url] };
  }
  const link = containerLink(url, container);
  const fill = (argument: string) => argument.replace(/%[sc]/g, (at) => at === "%s" ? url : link);
  return { command: [program, ...args.map(fill)] };
}

/** The program that shows a notification, if the system has one. */
export function notifier(
  title: string,
  text: string,
  os: Environment["os"],
): DesktopCommand | undefined {
  if (os === "darwin") {
    return osascript(`display notification ${quote(text)} with title ${quote(title)}`);
  }
  if (os !== "linux") return undefined;
  // Desktops read the text as markup.
  const plain = text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return { command: ["notify-send", "--app-name=okta-aws", "--", title, plain] };
}

async function start(
  { command: [program, ...args], input }: DesktopCommand,
  environment: Pick<Environment, "all">,
  signal?: AbortSignal,
): Promise<Deno.ChildProcess> {
  const env = childEnvironment(environment.all());
  const child = new Deno.Command(findProgram(program, lookupIn(env)), {
    args,
    env,
    clearEnv: true,
    stdin: input === undefined ? "null" : "piped",
    stdout: "null",
    stderr: "null",
    ...(signal && { signal }),
  }).spawn();
  // A program that fails before it has read closes its input; its exit code says enough.
  if (input !== undefined) await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
  return child;
}

/** Shows a notification if possible; never fails. */
export async function showNotification(
  title: string,
  text: string,
  environment: Pick<Environment, "all" | "os">,
): Promise<void> {
  const command = notifier(title, text, environment.os);
  if (command === undefined) return;
  try {
    const timeout = AbortSignal.timeout(NOTIFICATION_MILLISECONDS);
    await (await start(command, environment, timeout)).status;
  } catch { /* there is no such program */ }
}

function noBrowser(program: string, cause?: unknown): InteractionError {
  return new InteractionError(`could not open a browser with ${showUntrusted(program)}`, {
    code: "no_browser",
    hint: "print the URL instead (--print), or choose another browser (--browser, BROWSER)",
    cause,
  });
}

/** Whether the opener failed at once; one that keeps running is left alone. */
async function failsAtOnce(child: Deno.ChildProcess): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), OPENER_MILLISECONDS);
  const status = await Promise.race([child.status, promise]);
  clearTimeout(timer);
  if (status === undefined) child.unref();
  return status?.success === false;
}

async function chromeOpener(
  url: string,
  { browser, chromeProfile = "", chromePath }: BrowserOptions,
  environment: Pick<Environment, "get" | "os" | "home">,
): Promise<DesktopCommand> {
  const { findChromeProfile } = await import("./chrome_profile.ts");
  const [program, ...args] = splitCommand(browser ?? "");
  // The folders of a browser that is named by a command are not known: NAME is the folder.
  const found = program === undefined
    ? await findChromeProfile(chromeProfile, chromePath, environment)
    : { program, folder: chromeProfile };
  return { command: [found.program, ...args, `--profile-directory=${found.folder}`, url] };
}

/**
 * @throws {InteractionError} `no_browser` if the opener is missing or fails within 3 seconds.
 * @throws {SettingsError} `not_a_web_address`
 * @throws {UsageError} `unknown_chrome_profile`
 */
export async function openBrowser(
  url: Secret,
  options: BrowserOptions,
  environment: Pick<Environment, "all" | "get" | "os" | "home">,
): Promise<void> {
  const address = URL.parse(url.reveal());
  if (address?.protocol !== "https:" && address?.protocol !== "http:") {
    throw new SettingsError("can't open the URL in a browser: it is neither http nor https", {
      code: "not_a_web_address",
    });
  }
  const opener = options.chromeProfile === undefined
    ? browserOpener(address.href, options, environment)
    : await chromeOpener(address.href, options, environment);
  let child: Deno.ChildProcess;
  try {
    child = await start(opener, environment);
  } catch (error) {
    // Deno's message names the program, not the URL.
    throw noBrowser(opener.command[0], error);
  }
  if (await failsAtOnce(child)) throw noBrowser(opener.command[0]);
}
