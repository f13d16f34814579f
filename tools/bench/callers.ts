/** Many processes that need credentials at the same time, with an empty cache. */

import { countRequests, openBench, print, PROGRAM, run } from "./measure.ts";

/** Starts one process for each role. @returns Whether one sign-in was enough. */
async function callAll(
  title: string,
  roles: (all: string[]) => string[],
  roleCount: number,
): Promise<boolean> {
  await using bench = await openBench(roleCount);
  const { sim, env } = bench;
  const requested = roles(bench.roles);
  const began = performance.now();
  const times = await Promise.all(
    requested.map((role) => run([PROGRAM, "cred-process", role], env)),
  );
  const took = performance.now() - began;
  const { signIns, sts } = countRequests(sim);
  const { size: assertions } = sim.state.assertions;
  print(title);
  print(`  ${times.length} served in ${(took / 1000).toFixed(1)} s`);
  print(`  ${signIns} sign-in, ${assertions} assertion, ${sts} STS calls`);
  return signIns === 1 && assertions === 1 && sts === new Set(requested).size;
}

export function measureColdCallers(): Promise<boolean> {
  return callAll("24 cold callers of one role", ([role]) => Array(24).fill(role), 1);
}

export function measureRoles(): Promise<boolean> {
  return callAll("40 cold callers of 40 roles", (all) => all, 40);
}

export function measureCrowd(): Promise<boolean> {
  return callAll("200 cold callers of one role", ([role]) => Array(200).fill(role), 1);
}
