/**
 * Programs that we start.
 *
 * @module
 */

import { InteractionError, SettingsError } from "../../errors.ts";
import type { BrowserOptions, Environment, Output, Processes } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { browserOpener } from "./browser_command.ts";
import { childEnvironment } from "./child_environment.ts";
import { systemCode } from "../files/file_errors.ts";

/** What the processes need of the other ports. */
export interface ProcessesSettings {
  /** The system, and what browsers inherit. */
  environment: Pick<Environment, "all" | "get" | "os">;
  /** Where it is said that a program can't be started. */
  output: Pick<Output, "notice">;
}

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** An opener that still runs after this long has opened something. */
const OPENER_MILLISECONDS = 3_000;

const windows: boolean = Deno.build.os === "windows";
/** A terminal sends these to the child as well as to us. */
const FROM_TERMINAL: readonly Deno.Signal[] = windows
  ? ["SIGINT", "SIGBREAK"]
  : ["SIGINT", "SIGQUIT"];
const FORWARDED: readonly Deno.Signal[] = windows
  ? []
  : ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"];

type Handlers = [Deno.Signal, () => void][];

function signalHandlers(child: () => Deno.ChildProcess | undefined): Handlers {
  const forward = (signal: Deno.Signal) => (): void => {
    try {
      child()?.kill(signal);
    } catch { /* it has ended just now */ }
  };
  const shared = Deno.stdin.isTerminal();
  return [
    ...FROM_TERMINAL.map((name): Handlers[number] => [name, shared ? () => {} : forward(name)]),
    ...FORWARDED.map((name): Handlers[number] => [name, forward(name)]),
  ];
}

function notStarted(program: string, error: unknown, output: ProcessesSettings["output"]): number {
  const missing = systemCode(error) === "ENOENT" || error instanceof Deno.errors.NotFound;
  const reason = missing ? "command not found" : "can't be executed";
  output.notice(`okta-aws: ${showUntrusted(program)}: ${reason}\n`);
  return missing ? NOT_FOUND : NOT_EXECUTABLE;
}

async function exec(
  [program, ...args]: [string, ...string[]],
  environment: Record<string, string>,
  output: ProcessesSettings["output"],
): Promise<number> {
  let child: Deno.ChildProcess | undefined;
  const handlers = signalHandlers(() => child);
  for (const [signal, handler] of handlers) Deno.addSignalListener(signal, handler);
  try {
    child = new Deno.Command(program, {
      args,
      env: childEnvironment(environment),
      clearEnv: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    // Where a signal ended it, Deno has made the code 128+n already.
    return (await child.status).code;
  } catch (error) {
    return notStarted(program, error, output);
  } finally {
    for (const [signal, handler] of handlers) Deno.removeSignalListener(signal, handler);
  }
}

function noBrowser(program: string, cause?: unknown): InteractionError {
  return new InteractionError(`no browser could be opened with ${showUntrusted(program)}`, {
    code: "no_browser",
    hint: "print the address instead (--print), or name another browser (--browser, BROWSER)",
    cause,
  });
}

/** Whether the opener failed at once; one that goes on running is left to itself. */
async function endsBadly(child: Deno.ChildProcess): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), OPENER_MILLISECONDS);
  const status = await Promise.race([child.status, promise]);
  clearTimeout(timer);
  if (status === undefined) child.unref();
  return status?.success === false;
}

async function openBrowser(
  url: Secret,
  { browser, container = "AWS" }: BrowserOptions,
  environment: ProcessesSettings["environment"],
): Promise<void> {
  const address = URL.parse(url.reveal());
  if (address?.protocol !== "https:" && address?.protocol !== "http:") {
    throw new SettingsError("only http and https addresses are opened in a browser", {
      code: "not_a_web_address",
    });
  }
  const { command: [program, ...args], input } = browserOpener(
    address.href,
    browser,
    container,
    environment,
  );
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, {
      args,
      env: childEnvironment(environment.all()),
      clearEnv: true,
      stdin: input === undefined ? "null" : "piped",
      stdout: "null",
      stderr: "null",
    }).spawn();
  } catch (error) {
    // Deno's words for it name the program alone; the address is not among them.
    throw noBrowser(program, error);
  }
  // One that fails before it has read closes its input: how it ended says enough.
  if (input !== undefined) await new Blob([input]).stream().pipeTo(child.stdin).catch(() => {});
  if (await endsBadly(child)) throw noBrowser(program);
}

async function parentName(os: Environment["os"]): Promise<string | undefined> {
  try {
    if (os === "linux") {
      return (await Deno.readTextFile(`/proc/${Deno.ppid}/comm`)).trim() || undefined;
    }
    if (os === "windows") return undefined;
    const { stdout } = await new Deno.Command("/bin/ps", {
      args: ["-o", "comm=", "-p", String(Deno.ppid)],
      stdin: "null",
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).trim().split("/").at(-1) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Programs that we start. None of them inherits a secret of ours (`childEnvironment`).
 *
 * `exec`: SIGINT and SIGQUIT are left to the child where standard input is a terminal, which sends
 * them to both; else they are forwarded, as SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2 always are. A
 * program that can't be started is reported on standard error and gives 127 or 126.
 *
 * @param settings The other ports.
 * @returns The port. `openBrowser` rejects with an `InteractionError` `no_browser` where the opener
 * is missing or fails within 3 seconds, and with a `SettingsError` `not_a_web_address`.
 */
export function systemProcesses(settings: ProcessesSettings): Processes {
  const { environment, output } = settings;
  return {
    exec: (command, variables) => exec(command, variables, output),
    openBrowser: (url, options = {}) => openBrowser(url, options, environment),
    async notify(title, text) {
      const { showNotification } = await import("./desktop_notification.ts");
      await showNotification(title, text, environment);
    },
    parentName: () => parentName(environment.os),
  };
}
