/**
 * Runs the programs through which secret stores are reached: secrets go through standard input, every
 * run has a time limit.
 *
 * @module
 */

import type { Environment } from "../../ports.ts";
import { childEnvironment } from "../processes/child_process.ts";
import { findProgram, lookupIn } from "../processes/find_program.ts";
import { interruptible } from "../processes/interruptible.ts";

export interface StoreProgramRun {
  /** What the program inherits, without our own secrets. */
  environment: Pick<Environment, "all">;
  /** A path, or a name to look up in PATH. */
  program: string;
  /** Holds no secret. */
  args: readonly string[];
  /** Additional environment variables. */
  variables?: Record<string, string>;
  /** Standard input (default: empty). */
  input?: string;
  /** The program is killed after this long. */
  timeoutMilliseconds: number;
  /**
   * Whether its children are killed with it (default: no). It then has a session of its own, without
   * our terminal.
   */
  ownGroup?: boolean;
}

/** A run that was not killed. `stdout` may hold the secret, and is never shown. */
export interface EndedRun {
  kind: "ended";
  /** The exit code. */
  code: number;
  stdout: string;
  stderr: string;
}

export type StoreProgramResult =
  | EndedRun
  | { kind: "not_started"; error: unknown }
  | { kind: "timeout" };

/** More than any item takes; stops programs that print without end. */
const MOST_BYTES = 4 * 1024 * 1024;

function spawn(run: StoreProgramRun): Deno.ChildProcess {
  const env = { ...childEnvironment(run.environment.all()), ...run.variables };
  return new Deno.Command(findProgram(run.program, lookupIn(env)), {
    args: [...run.args],
    clearEnv: true,
    env,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    // On Windows it would get a console of its own.
    detached: run.ownGroup === true && Deno.build.os !== "windows",
  }).spawn();
}

function kill(child: Deno.ChildProcess, run: StoreProgramRun): void {
  try {
    if (run.ownGroup && Deno.build.os !== "windows") Deno.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch { /* it has just ended */ }
}

async function feed(child: Deno.ChildProcess, input: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    if (input !== "") await writer.write(new TextEncoder().encode(input));
    await writer.close();
  } catch { /* it ended without reading; its exit code says why */ }
}

/** Reads to the end or to MOST_BYTES; children of a killed program may hold the pipe open for ever. */
async function collect(
  stream: ReadableStream<Uint8Array>,
  stop: AbortController,
): Promise<string> {
  const reader = stream.getReader();
  stop.signal.addEventListener("abort", () => void reader.cancel());
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if ((size += value.length) > MOST_BYTES) stop.abort();
  }
}

async function finish(
  child: Deno.ChildProcess,
  run: StoreProgramRun,
  interrupted?: AbortSignal,
): Promise<StoreProgramResult> {
  const stop = new AbortController();
  stop.signal.addEventListener("abort", () => kill(child, run));
  interrupted?.addEventListener("abort", () => stop.abort());
  const timer = setTimeout(() => stop.abort(), run.timeoutMilliseconds);
  try {
    const [{ code }, stdout, stderr] = await Promise.all([
      child.status,
      collect(child.stdout, stop),
      collect(child.stderr, stop),
      feed(child, run.input ?? ""),
    ]);
    return stop.signal.aborted ? { kind: "timeout" } : { kind: "ended", code, stdout, stderr };
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
 * Runs a program until it ends or its time is up.
 *
 * @throws {InterruptedError} If we are interrupted during a run with its own group, which a terminal's
 * Ctrl-C does not reach.
 */
export async function runStoreProgram(run: StoreProgramRun): Promise<StoreProgramResult> {
  if (!run.ownGroup || Deno.build.os === "windows") return await start(run);
  return await interruptible((interrupted) => start(run, interrupted));
}
