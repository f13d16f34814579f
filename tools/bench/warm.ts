/** A cached `cred-process`, compared with an empty script. */

import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 3;

/** Relative to an empty script. */
const LIMIT = 1.5;

export async function measureWarm(): Promise<boolean> {
  await using bench = await openBench();
  const { env, home } = bench;
  const profile = "okta-acme-production-Developer";
  await run([PROGRAM, "refresh"], env);
  // The first run caches what the profile means.
  await run([PROGRAM, "cred-process", profile], env);
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const times: Record<"empty" | "warm", number[]> = { empty: [], warm: [] };
  // In turns, so that other load on the machine affects both.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const pair = {
      empty: await run([empty], env),
      warm: await run([PROGRAM, "cred-process", profile], env),
    };
    if (round < 0) continue;
    times.empty.push(pair.empty);
    times.warm.push(pair.warm);
  }
  const [floor, warm] = [median(times.empty), median(times.warm)];
  print("cred-process from the cache, compared with an empty Deno script");
  print(`  empty script   median of ${ROUNDS}: ${floor.toFixed(1)} ms`);
  print(`  cred-process   median of ${ROUNDS}: ${warm.toFixed(1)} ms`);
  print(`  ratio ${(warm / floor).toFixed(2)} (limit ${LIMIT})`);
  return warm / floor <= LIMIT;
}
