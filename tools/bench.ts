/**
 * `deno task bench`: how long a warm `cred-process` takes, beside an empty Deno script, in one run.
 *
 * @module
 */

import { cachedProgram } from "./deno_cache.ts";
import { startSimulator } from "../tests/sim/simulator.ts";

const ROUNDS = 20;
const WARM_UPS = 3;
const PROFILE = "okta-acme-production-Developer";
const PROGRAM = decodeURIComponent(new URL("../mod.ts", import.meta.url).pathname);

/** The most that a warm `cred-process` may take, in empty scripts. */
const LIMIT = 1.6;

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function run(
  args: string[],
  env: Record<string, string>,
  input = "",
): Promise<number> {
  const began = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "-A", ...args],
    env,
    stdin: input === "" ? "null" : "piped",
    stdout: "null",
    stderr: "null",
  }).spawn();
  if (input !== "") {
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
  }
  const { code } = await child.status;
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return performance.now() - began;
}

function median(times: number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const home = await Deno.makeTempDir({ prefix: "okta-aws-bench-" });
try {
  await using sim = await startSimulator();
  const env = {
    HOME: home,
    OKTA_AWS_BACKEND: "file",
    OKTA_AWS_FILE_PASSPHRASE: crypto.randomUUID(),
    DENO_DIR: await cachedProgram(),
    ...sim.env(),
  };
  const { login, password, totpUri } = sim.user;
  const init = ["init", "--sso-url", sim.embedLink(), "--username", login, "--secrets-stdin"];
  await run([PROGRAM, ...init], env, JSON.stringify({ password, totp: totpUri }));
  await run([PROGRAM, "refresh"], env);
  await run([PROGRAM, "cred-process", PROFILE], env);
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");

  const times: Record<"empty" | "warm", number[]> = { empty: [], warm: [] };
  // Round robin: whatever else the machine does hits both alike.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const pair = {
      empty: await run([empty], env),
      warm: await run([PROGRAM, "cred-process", PROFILE], env),
    };
    if (round < 0) continue;
    times.empty.push(pair.empty);
    times.warm.push(pair.warm);
  }
  const [floor, warm] = [median(times.empty), median(times.warm)];
  print(`empty Deno script          median of ${ROUNDS}: ${floor.toFixed(1)} ms`);
  print(`cred-process from cache    median of ${ROUNDS}: ${warm.toFixed(1)} ms`);
  print(`ratio ${(warm / floor).toFixed(2)} (at most ${LIMIT})`);
  if (warm / floor > LIMIT) Deno.exitCode = 1;
} finally {
  await Deno.remove(home, { recursive: true });
}
