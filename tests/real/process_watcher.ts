/** Runs programs under strace, which records arguments and environment of child processes. */

import { programCommand, programEnvironment, type ProgramRun } from "../cli/program.ts";

/** A run of the program, and what it started. */
export interface WatchedRun extends ProgramRun {
  /** The `execve` calls, except the program's own. */
  started: string[];
}

/** strace abbreviates only longer strings. */
const MOST_CHARACTERS = "1000000";

function starts(log: string): string[] {
  // strace splits a call into two lines if another process interrupts it; both have the arguments.
  return log.split("\n").filter((line) => /execve(?:at)?\(/.test(line)).slice(1);
}

/** Runs the program to its end and records the processes that it starts. */
export async function runWatched(
  { args, home, env, stdin = "" }: {
    args: readonly string[];
    home: string;
    env: Record<string, string | undefined>;
    stdin?: string | undefined;
  },
): Promise<WatchedRun> {
  const log = await Deno.makeTempFile({ dir: home });
  const watcher = ["-f", "--seccomp-bpf", "-qq", "-v", "-s", MOST_CHARACTERS, "-o", log];
  const calls = ["-e", "trace=execve,execveat", "-e", "signal=none"];
  const child = new Deno.Command("strace", {
    args: [...watcher, ...calls, ...programCommand(), ...args],
    env: await programEnvironment(home, env),
    clearEnv: true,
    cwd: home,
    detached: true,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(60_000),
  }).spawn();
  await new Blob([stdin]).stream().pipeTo(child.stdin).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return {
    code,
    stdout: text.decode(stdout),
    stderr: text.decode(stderr),
    started: starts(await Deno.readTextFile(log)),
  };
}

/**
 * The forms of a secret to search for: plain, base64 at any offset, hexadecimal, percent-encoded.
 */
export function spellings(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const shifted = new Uint8Array([...new Uint8Array(offset), ...bytes]).toBase64();
    // The characters at the edges also depend on the neighbouring bytes.
    return shifted.slice(offset === 0 ? 0 : 4, -4);
  });
  return [secret, ...base64, bytes.toHex(), encodeURIComponent(secret)]
    .filter((text) => text.length >= 8);
}
