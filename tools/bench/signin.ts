/** A cold sign-in with servers that take their time. */

import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ANSWER_MILLISECONDS = 50;
const ROUNDS = 20;
const WARM_UPS = 2;

/** Milliseconds that all answers take together are not ours. */
export async function measureSignIn(): Promise<boolean> {
  await using bench = await openBench(1);
  const { sim, env, home, roles: [role] } = bench;
  sim.world.faults.push(async () => {
    await new Promise((done) => setTimeout(done, ANSWER_MILLISECONDS));
    return undefined;
  });
  // A code works once in 30 seconds, so none is asked for.
  sim.world.users[0]!.mfa = "none";
  const program = Deno.env.get("OKTA_AWS_BENCH_PROGRAM") ?? PROGRAM;
  const times: number[] = [];
  let requests = 0;
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    await Deno.remove(`${home}/.aws/okta-aws`, { recursive: true }).catch(() => {});
    sim.requests.length = 0;
    const time = await run([program, "cred-process", role!], env);
    if (round >= 0) times.push(time);
    requests = sim.requests.length;
  }
  const waited = requests * ANSWER_MILLISECONDS;
  print(`cold sign-in, ${ANSWER_MILLISECONDS} ms for each of ${requests} answers`);
  print(
    `  median of ${ROUNDS}: ${median(times).toFixed(0)} ms, ${
      (median(times) - waited).toFixed(0)
    } ms without the answers; fastest ${Math.min(...times).toFixed(0)} ms`,
  );
  return true;
}
