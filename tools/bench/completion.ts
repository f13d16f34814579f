/** What a Tab costs: the profiles and roles of a person who has many. @module */

import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 3;
const ROLES = 200;

/** What a person does not notice; milliseconds. */
const LIMIT = 50;

/** Measures the completion of a profile. @returns Whether it is within the limit. */
export async function measureCompletion(): Promise<boolean> {
  await using bench = await openBench(ROLES);
  const { env } = bench;
  await run([PROGRAM, "roles", "--refresh"], env);
  const times: number[] = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const took = await run([PROGRAM, "__complete", "exec", ""], env);
    if (round >= 0) times.push(took);
  }
  print(`a Tab behind exec, with ${ROLES} roles, from source`);
  print(`  median of ${ROUNDS}: ${median(times).toFixed(1)} ms (at most ${LIMIT})`);
  print(`  least: ${Math.min(...times).toFixed(1)} ms`);
  return median(times) <= LIMIT;
}
