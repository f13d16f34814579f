/** Programs under strace: whatever they start is seen with its arguments and its environment. @module */

import { programCommand, programEnvironment, type ProgramRun } from "../cli/program.ts";

/** A run of the program, and what it started. */
export interface WatchedRun extends ProgramRun {
  /** The `execve` calls but the first one, which is the program's own: what a process list shows. */
  started: string[];
}

/** strace abbreviates nothing that is shorter. */
const MOST_CHARACTERS = "1000000";

function starts(log: string): string[] {
  // One call may stand in two lines, where another process got in between: each has its words.
  return log.split("\n").filter((line) => /execve(?:at)?\(/.test(line)).slice(1);
}

/**
 * Runs the program to its end, and watches.
 *
 * @param options The words behind its name, the home folder, the variables, the standard input.
 * @returns What came of it, and what it started.
 */
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
 * The ways in which a secret may stand in a text: as it is, and as base64 at any offset, as
 * hexadecimal digits, percent-encoded.
 *
 * @param secret The secret.
 * @returns Texts, one of which is there where the secret is.
 */
export function spellings(secret: string): string[] {
  const bytes = new TextEncoder().encode(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const shifted = new Uint8Array([...new Uint8Array(offset), ...bytes]).toBase64();
    // What lies at the edges also depends on the neighbours.
    return shifted.slice(offset === 0 ? 0 : 4, -4);
  });
  return [secret, ...base64, bytes.toHex(), encodeURIComponent(secret)]
    .filter((text) => text.length >= 8);
}
