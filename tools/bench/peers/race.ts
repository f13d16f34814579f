/** Runs command lines in turns, and prints what each took. */

import { median, percentile, print } from "../measure.ts";

/** A command line to time. */
export interface Contender {
  name: string;
  command: readonly string[];
  /** All of its environment. */
  env: Readonly<Record<string, string>>;
  /** Lines typed at its terminal. */
  typed?: () => Promise<string[]>;
  /** Runs before each round and is not timed. Returns more arguments. */
  before?: () => Promise<string[] | void>;
  /** At most this many rounds: for slow ones. */
  rounds?: number;
}

export interface RaceOptions {
  title: string;
  rounds: number;
  /** Shown under the title. */
  note?: string;
}

/** The times of each, milliseconds. */
export type Times = ReadonlyMap<string, readonly number[]>;

const WARM_UPS = 1;
const PATIENCE_MILLISECONDS = 120_000;

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** On a pseudo-terminal, for programs that read their secrets from nothing else. */
function onTerminal(command: readonly string[]): string[] {
  return ["script", "-qec", command.map(quote).join(" "), "/dev/null"];
}

/** Runs it once, and returns milliseconds. */
export async function time(contender: Contender): Promise<number> {
  const more = await contender.before?.() ?? [];
  const lines = await contender.typed?.();
  const words = [...contender.command, ...more];
  const [program, ...args] = lines === undefined ? words : onTerminal(words);
  const began = performance.now();
  const child = new Deno.Command(program!, {
    args,
    env: { ...contender.env },
    clearEnv: true,
    stdin: lines === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  }).spawn();
  const writer = lines === undefined ? undefined : child.stdin.getWriter();
  // Left open: an end of input would be typed too.
  await writer?.write(new TextEncoder().encode(lines!.map((line) => `${line}\n`).join("")));
  const { code, stdout, stderr } = await child.output();
  const taken = performance.now() - began;
  await writer?.close().catch(() => {});
  if (code === 0) return taken;
  const decoder = new TextDecoder();
  const said = `${decoder.decode(stdout)}\n${decoder.decode(stderr)}`.trim().split("\n").slice(-3)
    .join(" ");
  throw new Error(`ended with ${code}: ${said}`);
}

function printRow(cells: readonly string[]): void {
  print(`| ${cells.join(" | ")} |`);
}

function printTimes(all: Times): void {
  printRow(["what", "n", "least", "quartile", "median", "ratio of least", "ratio of median"]);
  printRow(["---", "--:", "--:", "--:", "--:", "--:", "--:"]);
  const [first = []] = all.values();
  for (const [name, times] of all) {
    const [least, middle] = [Math.min(...times), median(times)];
    printRow([
      name,
      `${times.length}`,
      ...[least, percentile(times, 25), middle].map((one) => `${one.toFixed(1)} ms`),
      (least / Math.min(...first)).toFixed(2),
      (middle / median(first)).toFixed(2),
    ]);
  }
  print("");
}

/**
 * Runs all in turns, so that other load on the machine meets each of them. One that fails is left
 * out, and that is said.
 */
export async function race(contenders: readonly Contender[], options: RaceOptions): Promise<Times> {
  const { title, rounds, note } = options;
  print(`### ${title}\n`);
  if (note !== undefined) print(`${note}\n`);
  const times = new Map<string, number[]>();
  const failed = new Set<string>();
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const contender of contenders) {
      const { name } = contender;
      if (failed.has(name) || round >= (contender.rounds ?? rounds)) continue;
      try {
        const taken = await time(contender);
        if (round >= 0) times.set(name, [...times.get(name) ?? [], taken]);
      } catch (error) {
        failed.add(name);
        times.delete(name);
        print(`left out: ${name}: ${(error as Error).message}\n`);
      }
    }
  }
  if (times.size > 0) printTimes(times);
  return times;
}
