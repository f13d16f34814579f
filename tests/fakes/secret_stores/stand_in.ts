/** What all stand-ins do. @module */

import type { Behaviour } from "./stand_ins.ts";

const encoder = new TextEncoder();

/** The state's folder, which the wrapper puts in front of the arguments. */
export const folder: string = Deno.args[0]!;

export const args: string[] = Deno.args.slice(1);

/** How to behave. */
export const behaviour: Behaviour = JSON.parse(
  Deno.readTextFileSync(`${folder}/behaviour.json`),
);

/** Notes the run, and hangs where that is wanted. */
export async function begin(): Promise<void> {
  Deno.writeTextFileSync(`${folder}/runs`, `${args.join(" ")}\n`, { append: true });
  // A timer that nobody waits for keeps the process alive.
  if (behaviour.hangs) await new Promise((resolve) => setTimeout(resolve, 600_000));
}

export function print(text: string): void {
  Deno.stdout.writeSync(encoder.encode(text));
}

export function showProblem(text: string): void {
  Deno.stderr.writeSync(encoder.encode(text));
}

/** All of standard input, bytes as Latin-1 characters. */
export async function standardInput(): Promise<string> {
  const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** A file of entries by name. */
export function load(path: string): Record<string, string> {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** Replaces it, in one step as the real stores do. */
export function save(path: string, entries: Record<string, string>): void {
  const temporary = `${path}.${Deno.pid}`;
  Deno.writeTextFileSync(temporary, JSON.stringify(entries));
  Deno.renameSync(temporary, path);
}
