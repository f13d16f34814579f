/**
 * A `refresh` with both bundled plugins, compared with one without, and with the same plugins as files,
 * which run in the sandbox.
 */

import { median, openBench, percentile, print, PROGRAM, run } from "./measure.ts";

const ROUNDS = 20;
const WARM_UPS = 2;

/** Milliseconds that the bundled plugins may add. */
const LIMIT = 60;

const NAMES = ["awslogin", "kubeconfig"];

const KUBECONFIG = `users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  user: {}
`;

/** Copies the bundled plugins: a file can't have the name of one. */
async function copyPlugins(home: string): Promise<string[]> {
  return await Promise.all(NAMES.map(async (name) => {
    const text = await Deno.readTextFile(new URL(`../../plugins/${name}.ts`, import.meta.url));
    const file = `${home}/${name}.ts`;
    await Deno.writeTextFile(file, text.replace(`name: "${name}"`, `name: "my-${name}"`));
    return file;
  }));
}

/** A home with plugins, which are named by `[plugin …]` with this prefix. */
async function openPlugged(
  prefix: string,
  pluginsFor: (home: string) => Promise<readonly string[]>,
): ReturnType<typeof openBench> {
  const bench = await openBench();
  const { home, env } = bench;
  for (const plugin of await pluginsFor(home)) {
    await run([PROGRAM, "plugin", "add", plugin, "--yes"], env);
  }
  const settings = `${home}/.config/okta-aws/config.ini`;
  const section =
    `\n[plugin ${prefix}kubeconfig]\nclusters = prod=okta-acme-production-Developer\n`;
  await Deno.writeTextFile(settings, section, { append: true });
  await Deno.mkdir(`${home}/.kube`);
  await Deno.writeTextFile(`${home}/.kube/config`, KUBECONFIG);
  return bench;
}

export async function measurePlugins(): Promise<boolean> {
  await using without = await openBench();
  await using bundled = await openPlugged("", () => Promise.resolve(NAMES));
  await using files = await openPlugged("my-", copyPlugins);
  const homes = [without, bundled, files];
  const times: number[][] = homes.map(() => []);
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const [at, { env }] of homes.entries()) {
      const time = await run([PROGRAM, "refresh"], env);
      if (round >= 0) times[at]!.push(time);
    }
  }
  const added = (at: number, value: (times: readonly number[]) => number): number =>
    value(times[at]!) - value(times[0]!);
  const show = (at: number): string => {
    const quartile = added(at, (one) => percentile(one, 25));
    return `${added(at, median).toFixed(0)} ms more, ${quartile.toFixed(0)} by the lower quartiles`;
  };
  print(`refresh without plugins: ${median(times[0]!).toFixed(0)} ms, median of ${ROUNDS}`);
  print(`  with awslogin and kubeconfig: ${show(1)} (limit ${LIMIT})`);
  print(`  with the same in the sandbox: ${show(2)}`);
  return added(1, median) <= LIMIT;
}
