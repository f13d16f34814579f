/** A cached `kube token`, compared with an empty script. */

import { median, openBench, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 3;

/** Relative to an empty script. */
const LIMIT = 1.6;

export async function measureKube(): Promise<boolean> {
  await using bench = await openBench();
  const { env, home } = bench;
  const info = { apiVersion: "client.authentication.k8s.io/v1", spec: { interactive: true } };
  const kubeEnv = { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
  const command = ["kube", "token", "--cluster", "prod", "--profile", "Developer"];
  const warm = [PROGRAM, ...command, "--region", "us-east-1"];
  // The first run caches the token and what the command line means.
  await run(warm, kubeEnv);
  const empty = `${home}/empty.ts`;
  await Deno.writeTextFile(empty, "");
  const times: Record<"empty" | "warm", number[]> = { empty: [], warm: [] };
  // In turns, so that other load on the machine affects both.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const pair = { empty: await run([empty], env), warm: await run(warm, kubeEnv) };
    if (round < 0) continue;
    times.empty.push(pair.empty);
    times.warm.push(pair.warm);
  }
  const [floor, token] = [median(times.empty), median(times.warm)];
  print("kube token from the cache, compared with an empty Deno script");
  print(`  empty script   median of ${ROUNDS}: ${floor.toFixed(1)} ms`);
  print(`  kube token     median of ${ROUNDS}: ${token.toFixed(1)} ms`);
  print(`  ratio ${(token / floor).toFixed(2)} (limit ${LIMIT})`);
  return token / floor <= LIMIT;
}
