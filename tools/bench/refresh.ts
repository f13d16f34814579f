/** `refresh` of many roles with a slow STS. */

import { countRequests, median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROLES = 60;
const STS_MILLISECONDS = 200;
const ROUNDS = 5;
const WARM_UPS = 1;

/** Milliseconds: one STS call and a second. */
const LIMIT = STS_MILLISECONDS + 1000;

export async function measureRefresh(): Promise<boolean> {
  await using bench = await openBench(ROLES);
  const { sim, env } = bench;
  sim.world.faults.push(async ({ host }) => {
    if (host === "sts") await new Promise((done) => setTimeout(done, STS_MILLISECONDS));
    return undefined;
  });
  const first = await run([PROGRAM, "refresh"], env);
  const { signIns, sts } = countRequests(sim);
  const times: number[] = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const time = await run([PROGRAM, "refresh", "--force"], env);
    if (round >= 0) times.push(time);
  }
  const middle = median(times);
  print(`refresh of ${ROLES} roles, ${STS_MILLISECONDS} ms for each STS call`);
  print(`  with sign-in: ${first.toFixed(0)} ms (${signIns} sign-in, ${sts} STS calls)`);
  print(`  with a session, median of ${ROUNDS}: ${middle.toFixed(0)} ms (limit ${LIMIT})`);
  return middle <= LIMIT && signIns === 1 && sts === ROLES;
}
