/** The compiled program: ways to compile it, and a warm `cred-process` of each beside the source. @module */

import { fileURLToPath } from "node:url";
import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ENTRY = `${ROOT}tools/compiled_entry.ts`;
const ROUNDS = 30;
const WARM_UPS = 3;

/** By how much the binary's median may be over the source's: what two runs of one program differ by. */
const NOISE = 1.05;

/** The Deno that binaries are made with: only with its own `deno run` can they be compared. */
const COMPILER = Deno.env.get("OKTA_AWS_COMPILER") ?? Deno.execPath();
const RUN = ["run", "--quiet", "--no-prompt", "-A"];

/** A way to make a binary. */
interface Variant {
  name: string;
  /** `deno bundle`'s words; without them the modules are compiled as they are. */
  bundle?: readonly string[];
  /** What is compiled in place of the program. */
  entry?: string;
  codeCache: boolean;
}

const SPLIT = ["--code-splitting"];

const VARIANTS: readonly Variant[] = [
  { name: "binary: modules as they are", codeCache: false },
  { name: "binary: one bundle, minified", bundle: ["--minify"], codeCache: false },
  { name: "binary: split bundle", bundle: SPLIT, codeCache: false },
  { name: "binary: split, minified, code cache", bundle: [...SPLIT, "--minify"], codeCache: true },
  { name: "binary: split, minified (shipped)", bundle: [...SPLIT, "--minify"], codeCache: false },
];

const SHIPPED = VARIANTS.at(-1)!.name;

async function deno(program: string, ...args: string[]): Promise<void> {
  const command = new Deno.Command(program, { args, cwd: ROOT, stdout: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`deno ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}

async function build(variant: Variant, folder: string): Promise<string> {
  const { bundle, codeCache, entry = ENTRY } = variant;
  const bundled = `${folder}/bundle`;
  if (bundle) {
    const words = ["--quiet", "--platform=deno", ...bundle, `--outdir=${bundled}`];
    await deno(Deno.execPath(), "bundle", ...words, entry);
  }
  const words = ["--quiet", "--no-check", "--no-prompt", "--allow-all"];
  if (!codeCache) words.push("--no-code-cache");
  if (bundle) words.push("--no-config", `--include=${bundled}`);
  const compiled = bundle ? `${bundled}/compiled_entry.js` : entry;
  const output = `${folder}/${variant.name.replace(/\W+/g, "-")}`;
  await deno(COMPILER, "compile", ...words, `--output=${output}`, compiled);
  if (bundle) await Deno.remove(bundled, { recursive: true });
  return output;
}

async function time(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<number> {
  const began = performance.now();
  const { success, stderr } = await new Deno.Command(program, {
    args: [...args],
    env,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${program}: ${new TextDecoder().decode(stderr)}`);
  return performance.now() - began;
}

/** Something to time, by the name that it is printed with. */
interface Subject {
  size: number;
  once: () => Promise<number>;
  times: number[];
}

/**
 * Measures binaries. Needs a base binary that can be fetched, or `DENORT_BIN`.
 *
 * @returns Whether the binary that is shipped is not slower than the source.
 */
export async function measureBinary(): Promise<boolean> {
  await using bench = await openBench();
  const { env, home } = bench;
  const words = ["cred-process", "okta-acme-production-Developer"];
  await run([PROGRAM, "refresh"], env);
  await run([PROGRAM, ...words], env);
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const subjects = new Map<string, Subject>();
  const add = (name: string, size: number, once: () => Promise<number>) =>
    subjects.set(name, { size, once, times: [] });
  add("source: empty script", 0, () => time(COMPILER, [...RUN, empty], env));
  add("source", 0, () => time(COMPILER, [...RUN, PROGRAM, ...words], env));
  for (
    const one of [{ name: "binary: empty script", entry: empty, codeCache: false }, ...VARIANTS]
  ) {
    const path = await build(one, home);
    add(one.name, (await Deno.stat(path)).size, () => time(path, words, env));
  }
  // Round robin: whatever else the machine does hits all alike.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const { once, times } of subjects.values()) {
      const took = await once();
      if (round >= 0) times.push(took);
    }
  }
  report(subjects);
  const [shipped, source] = [subjects.get(SHIPPED)!, subjects.get("source")!];
  return median(shipped.times) <= median(source.times) * NOISE;
}

function report(subjects: ReadonlyMap<string, Subject>): void {
  print("a warm cred-process, as source and as a binary");
  for (const [name, { size, times }] of subjects) {
    const megabytes = size === 0 ? "" : `${(size / 1e6).toFixed(1)} MB`;
    const [middle, least] = [median(times).toFixed(1), Math.min(...times).toFixed(1)];
    print(`  ${name.padEnd(38)} median ${middle.padStart(6)} ms, least ${least} ms  ${megabytes}`);
  }
}
