/** A warm `kube token` beside an empty script. @module */

import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 3;

/** The most that a warm `kube token` may take, in empty scripts. */
const LIMIT = 1.6;

/** Measures a warm `kube token`. @returns Whether it is within the limit. */
export async function measureKube(): Promise<boolean> {
  await using bench = await openBench();
  const { env, home } = bench;
  const info = { apiVersion: "client.authentication.k8s.io/v1", spec: { interactive: true } };
  const asked = { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const words = ["kube", "token", "--cluster", "prod", "--profile", "Developer"];
  const warm = [PROGRAM, ...words, "--region", "us-east-1"];
  // The first run makes the token and leaves word what the command line means.
  await run(warm, asked);
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const times: Record<"empty" | "warm", number[]> = { empty: [], warm: [] };
  // Round robin: whatever else the machine does hits both alike.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const pair = { empty: await run([empty], env), warm: await run(warm, asked) };
    if (round < 0) continue;
    times.empty.push(pair.empty);
    times.warm.push(pair.warm);
  }
  const [floor, token] = [median(times.empty), median(times.warm)];
  print("kube token out of the cache, beside an empty Deno script");
  print(`  empty script   median of ${ROUNDS}: ${floor.toFixed(1)} ms`);
  print(`  kube token     median of ${ROUNDS}: ${token.toFixed(1)} ms`);
  print(`  ratio ${(token / floor).toFixed(2)} (at most ${LIMIT})`);
  return token / floor <= LIMIT;
}
