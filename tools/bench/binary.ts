/** Ways to compile the program: a warm `cred-process` with each, and with the source. */

import { fileURLToPath } from "node:url";
import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ENTRY = `${ROOT}tools/compiled_entry.ts`;
const ROUNDS = 30;
const WARM_UPS = 3;

/** Two runs of the same program differ by this factor. */
const TOLERANCE = 1.05;

/** The Deno that compiles. Compare binaries only with `deno run` of the same version. */
const COMPILER = Deno.env.get("OKTA_AWS_COMPILER") ?? Deno.execPath();
const RUN = ["run", "--quiet", "--no-prompt", "-A"];

/** A way to make a binary. */
interface Variant {
  name: string;
  /** Arguments of `deno bundle`; if undefined, the modules are compiled without a bundle. */
  bundle?: readonly string[];
  /** Default: the program. */
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
    const bundleArgs = ["--quiet", "--platform=deno", ...bundle, `--outdir=${bundled}`];
    await deno(Deno.execPath(), "bundle", ...bundleArgs, entry);
  }
  const compileArgs = ["--quiet", "--no-check", "--no-prompt", "--allow-all"];
  if (!codeCache) compileArgs.push("--no-code-cache");
  if (bundle) compileArgs.push("--no-config", `--include=${bundled}`);
  const compiled = bundle ? `${bundled}/compiled_entry.js` : entry;
  const output = `${folder}/${variant.name.replace(/\W+/g, "-")}`;
  await deno(COMPILER, "compile", ...compileArgs, `--output=${output}`, compiled);
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

/** A program to time. */
interface Subject {
  size: number;
  once: () => Promise<number>;
  times: number[];
}

/**
 * Needs a base binary that can be downloaded, or `DENORT_BIN`.
 *
 * @returns Whether the binary that we ship is not slower than the source.
 */
export async function measureBinary(): Promise<boolean> {
  await using bench = await openBench();
  const { env, home } = bench;
  const command = ["cred-process", "okta-acme-production-Developer"];
  await run([PROGRAM, "refresh"], env);
  await run([PROGRAM, ...command], env);
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const subjects = new Map<string, Subject>();
  const add = (name: string, size: number, once: () => Promise<number>) =>
    subjects.set(name, { size, once, times: [] });
  add("source: empty script", 0, () => time(COMPILER, [...RUN, empty], env));
  add("source", 0, () => time(COMPILER, [...RUN, PROGRAM, ...command], env));
  for (
    const one of [{ name: "binary: empty script", entry: empty, codeCache: false }, ...VARIANTS]
  ) {
    const path = await build(one, home);
    add(one.name, (await Deno.stat(path)).size, () => time(path, command, env));
  }
  // Round robin, so that other load on the machine affects all of them.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const { once, times } of subjects.values()) {
      const took = await once();
      if (round >= 0) times.push(took);
    }
  }
  report(subjects);
  const [shipped, source] = [subjects.get(SHIPPED)!, subjects.get("source")!];
  return median(shipped.times) <= median(source.times) * TOLERANCE;
}

function report(subjects: ReadonlyMap<string, Subject>): void {
  print("a warm cred-process, as source and as a binary");
  for (const [name, { size, times }] of subjects) {
    const megabytes = size === 0 ? "" : `${(size / 1e6).toFixed(1)} MB`;
    const [middle, least] = [median(times).toFixed(1), Math.min(...times).toFixed(1)];
    print(`  ${name.padEnd(38)} median ${middle.padStart(6)} ms, least ${least} ms  ${megabytes}`);
  }
}
