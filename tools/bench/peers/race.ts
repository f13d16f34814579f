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

/** What the rounds of a contender took, milliseconds. */
interface Taken {
  times: number[];
  /** Of the processor, in all rounds. */
  cpu: number;
}

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

function printTimes(all: ReadonlyMap<string, Taken>): void {
  printRow([
    "what",
    "n",
    "least",
    "quartile",
    "median",
    "processor",
    "least, ratio",
    "median, ratio",
  ]);
  printRow(["---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"]);
  const [first = { times: [] }] = all.values();
  for (const [name, { times, cpu }] of all) {
    const [least, middle] = [Math.min(...times), median(times)];
    const shown = [least, percentile(times, 25), middle, cpu / times.length];
    printRow([
      name,
      `${times.length}`,
      ...shown.map((one) => `${one.toFixed(1)} ms`),
      (least / Math.min(...first.times)).toFixed(2),
      (middle / median(first.times)).toFixed(2),
    ]);
  }
  print("");
}

const TICK_MILLISECONDS = 10;

/** Processor time of all children that have ended, milliseconds (proc(5): `cutime`, `cstime`). */
function childrenTime(): number {
  const stat = Deno.readTextFileSync("/proc/self/stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[13]) + Number(fields[14])) * TICK_MILLISECONDS;
}

/** In another order each time: a program is slower after one that has put the processor to sleep. */
function shuffled<T>(items: readonly T[]): T[] {
  const keys = items.map((item) => ({ item, key: Math.random() }));
  return keys.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/**
 * Runs all in turns, so that other load on the machine meets each of them. One that fails is left
 * out, and that is said.
 */
export async function race(contenders: readonly Contender[], options: RaceOptions): Promise<void> {
  const { title, rounds, note } = options;
  print(`### ${title}\n`);
  if (note !== undefined) print(`${note}\n`);
  const all = new Map<string, Taken>();
  const failed = new Set<string>();
  for (let round = -WARM_UPS; round < rounds; round++) {
    for (const contender of round < 0 ? contenders : shuffled(contenders)) {
      const { name } = contender;
      if (failed.has(name) || round >= (contender.rounds ?? rounds)) continue;
      try {
        const before = childrenTime();
        const taken = await time(contender);
        if (round < 0) continue;
        const { times, cpu } = all.get(name) ?? { times: [], cpu: 0 };
        all.set(name, { times: [...times, taken], cpu: cpu + childrenTime() - before });
      } catch (error) {
        failed.add(name);
        all.delete(name);
        print(`left out: ${name}: ${(error as Error).message}\n`);
      }
    }
  }
  const inOrder = contenders.flatMap(({ name }) => {
    const taken = all.get(name);
    return taken === undefined ? [] : [[name, taken] as const];
  });
  if (inOrder.length > 0) printTimes(new Map(inOrder));
}
