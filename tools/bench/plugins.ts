/** A `refresh` with both bundled plugins, compared with one without. */

import { median, openBench, percentile, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 2;

/** Milliseconds that the plugins may add. */
const LIMIT = 60;

const KUBECONFIG = `users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  user: {}
`;

async function addPlugins(home: string, env: Record<string, string>): Promise<void> {
  for (const name of ["awslogin", "kubeconfig"]) {
    await run([PROGRAM, "plugin", "add", name, "--yes"], env);
  }
  const settings = `${home}/.config/okta-aws/config.ini`;
  const section = "\n[plugin kubeconfig]\nclusters = prod=okta-acme-production-Developer\n";
  await Deno.writeTextFile(settings, section, { append: true });
  await Deno.mkdir(`${home}/.kube`);
  await Deno.writeTextFile(`${home}/.kube/config`, KUBECONFIG);
}

export async function measurePlugins(): Promise<boolean> {
  await using without = await openBench();
  await using plugged = await openBench();
  await addPlugins(plugged.home, plugged.env);
  const times: [without: number[], plugged: number[]] = [[], []];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const [at, { env }] of [without, plugged].entries()) {
      const time = await run([PROGRAM, "refresh"], env);
      if (round >= 0) times[at]!.push(time);
    }
  }
  const [plain, more] = times.map(median) as [number, number];
  const added = more - plain;
  const [plainQuarter, moreQuarter] = times.map((one) => percentile(one, 25)) as [number, number];
  print(`refresh without plugins: ${plain.toFixed(0)} ms, median of ${ROUNDS}`);
  print(`  with awslogin and kubeconfig: ${added.toFixed(0)} ms more (limit ${LIMIT})`);
  print(`  by the lower quartiles: ${(moreQuarter - plainQuarter).toFixed(0)} ms more`);
  return added <= LIMIT;
}
