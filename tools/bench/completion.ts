/** Completion of PROFILE with many roles. */

import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 3;
const ROLES = 200;

/** Milliseconds that a user does not notice. */
const LIMIT = 40;

export async function measureCompletion(): Promise<boolean> {
  await using bench = await openBench(ROLES);
  const { env } = bench;
  await run([PROGRAM, "roles", "--refresh"], env);
  const times: number[] = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const took = await run([PROGRAM, "__complete", "exec", ""], env);
    if (round >= 0) times.push(took);
  }
  print(`completion after exec, with ${ROLES} roles, from source`);
  print(`  median of ${ROUNDS}: ${median(times).toFixed(1)} ms (limit ${LIMIT})`);
  print(`  minimum: ${Math.min(...times).toFixed(1)} ms`);
  return median(times) <= LIMIT;
}
