/** Arguments, state and output of every stand-in. */

import type { Behaviour } from "./stand_ins.ts";

const encoder = new TextEncoder();

/** The folder of the state, passed by the wrapper as the first argument. */
export const folder: string = Deno.args[0]!;

export const args: string[] = Deno.args.slice(1);

export const behaviour: Behaviour = JSON.parse(
  Deno.readTextFileSync(`${folder}/behaviour.json`),
);

/** Records the run; hangs if configured. */
export async function begin(): Promise<void> {
  Deno.writeTextFileSync(`${folder}/runs`, `${args.join(" ")}\n`, { append: true });
  // An unawaited timer keeps the process alive.
  if (behaviour.hangs) await new Promise((resolve) => setTimeout(resolve, 600_000));
}

export function print(text: string): void {
  Deno.stdout.writeSync(encoder.encode(text));
}

export function printError(text: string): void {
  Deno.stderr.writeSync(encoder.encode(text));
}

/** Standard input, decoded as Latin-1. */
export async function standardInput(): Promise<string> {
  const bytes = new Uint8Array(await new Response(Deno.stdin.readable).arrayBuffer());
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Reads a JSON file of entries by name. */
export function load(path: string): Record<string, string> {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** Replaces the file atomically, as the real stores do. */
export function save(path: string, entries: Record<string, string>): void {
  const temporary = `${path}.${Deno.pid}`;
  Deno.writeTextFileSync(temporary, JSON.stringify(entries));
  Deno.renameSync(temporary, path);
}
