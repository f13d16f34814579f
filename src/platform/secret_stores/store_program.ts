/**
 * Running the programs that secret stores are reached through: secrets by standard input, a limit of
 * time on every run.
 *
 * @module
 */

import type { Environment } from "../../ports.ts";
import { childEnvironment } from "../processes/child_environment.ts";
import { interruptible } from "../processes/interruptible.ts";

/** One run of a program. */
export interface StoreProgramRun {
  /** What the program inherits, but for our own secrets. */
  environment: Pick<Environment, "all">;
  /** The program: a path, or a name looked up in PATH. */
  program: string;
  /** The arguments; none is a secret. */
  args: readonly string[];
  /** Variables besides. */
  variables?: Record<string, string>;
  /** What it reads on standard input; nothing where it is left out. */
  input?: string;
  /** The run is killed after this long. */
  timeoutMilliseconds: number;
  /**
   * Whether what it starts is killed with it. It then has a session of its own, without our
   * terminal; where this is left out, only the program itself is killed.
   */
  ownGroup?: boolean;
}

/** What became of a run. */
export type StoreProgramResult =
  | {
    kind: "ended";
    /** The exit code. */
    code: number;
    /** Standard output: may hold the secret, and is never shown. */
    stdout: string;
    /** Standard error. */
    stderr: string;
  }
  | { kind: "not_started"; error: unknown }
  | { kind: "late" };

/** More than any item takes; a program that prints for ever ends here. */
const MOST_BYTES = 4 * 1024 * 1024;

function spawn(run: StoreProgramRun): Deno.ChildProcess {
  return new Deno.Command(run.program, {
    args: [...run.args],
    clearEnv: true,
    env: { ...childEnvironment(run.environment.all()), ...run.variables },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // Windows would give it a console of its own.
    detached: run.ownGroup === true && Deno.build.os !== "windows",
  }).spawn();
}

function kill(child: Deno.ChildProcess, run: StoreProgramRun): void {
  try {
    if (run.ownGroup && Deno.build.os !== "windows") Deno.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch { /* it has ended just now */ }
}

async function feed(child: Deno.ChildProcess, input: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    if (input !== "") await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch { /* it ended without reading; its exit code tells why */ }
}

/** What a killed program has left behind may hold the pipe open: nobody waits for its end. */
async function collect(
  stream: ReadableStream<Uint8Array>,
  enough: AbortController,
): Promise<string> {
  const reader = stream.getReader();
  enough.signal.addEventListener("abort", () => void reader.cancel());
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if ((size += value.length) > MOST_BYTES) enough.abort();
  }
}

async function finish(
  child: Deno.ChildProcess,
  run: StoreProgramRun,
  interrupted?: AbortSignal,
): Promise<StoreProgramResult> {
  const enough = new AbortController();
  enough.signal.addEventListener("abort", () => kill(child, run));
  interrupted?.addEventListener("abort", () => enough.abort());
  const timer = setTimeout(() => enough.abort(), run.timeoutMilliseconds);
  try {
    const [{ code }, stdout, stderr] = await Promise.all([
      child.status,
      collect(child.stdout, enough),
      collect(child.stderr, enough),
      feed(child, run.input ?? ""),
    ]);
    return enough.signal.aborted ? { kind: "late" } : { kind: "ended", code, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

async function start(
  run: StoreProgramRun,
  interrupted?: AbortSignal,
): Promise<StoreProgramResult> {
  let child: Deno.ChildProcess;
  try {
    child = spawn(run);
  } catch (error) {
    return { kind: "not_started", error };
  }
  return await finish(child, run, interrupted);
}

/**
 * Runs a program to its end, or to the end of its time.
 *
 * @param run What, with what, for how long.
 * @returns What became of it.
 * @throws {InterruptedError} Where the person ended the run of a program with a group of its own: a
 * terminal's Ctrl-C does not reach that, and nobody else would end it.
 */
export async function runStoreProgram(run: StoreProgramRun): Promise<StoreProgramResult> {
  if (!run.ownGroup || Deno.build.os === "windows") return await start(run);
  return await interruptible((interrupted) => start(run, interrupted));
}
