/** The `Processes` port: runs programs. None of them inherits our secrets. @module */

import type { Environment, Output, Processes } from "../../ports.ts";
import { childEnvironment } from "./child_process.ts";
import { findProgram, lookupIn } from "./find_program.ts";

export interface ProcessesSettings {
  environment: Pick<Environment, "all" | "get" | "os" | "home">;
  /** Reports programs that can't be started. */
  output: Pick<Output, "notice">;
}

/** A cached `exec` waits for each module that is loaded here, and nearly every program starts. */
const notStarted = async () =>
  await import("./not_started.ts" as string) as typeof import("./not_started.ts");

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
    } catch { /* it has just ended */ }
  };
  const shared = Deno.stdin.isTerminal();
  return [
    ...FROM_TERMINAL.map((name): Handlers[number] => [name, shared ? () => {} : forward(name)]),
    ...FORWARDED.map((name): Handlers[number] => [name, forward(name)]),
  ];
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
    const env = childEnvironment(environment);
    child = new Deno.Command(findProgram(program, lookupIn(env)), {
      args,
      env,
      clearEnv: true,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    // If signal n ended it, Deno returns 128+n.
    return (await child.status).code;
  } catch (error) {
    return (await notStarted()).reportNotStarted(program, error, output);
  } finally {
    for (const [signal, handler] of handlers) Deno.removeSignalListener(signal, handler);
  }
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
 * `exec` leaves SIGINT and SIGQUIT to the child if standard input is a terminal, which sends them to
 * both, and forwards them otherwise; it always forwards SIGTERM, SIGHUP, SIGUSR1 and SIGUSR2. A
 * program that can't be started is reported on standard error and returns 127 or 126.
 */
export function systemProcesses({ environment, output }: ProcessesSettings): Processes {
  return {
    exec: (command, variables) => exec(command, variables, output),
    async openBrowser(url, options = {}) {
      const { openBrowser } = await import("./desktop.ts");
      await openBrowser(url, options, environment);
    },
    async notify(title, text) {
      const { showNotification } = await import("./desktop.ts");
      await showNotification(title, text, environment);
    },
    parentName: () => parentName(environment.os),
  };
}
