/** The bundled plugins, which run in okta-aws itself: their files do the same as plugins in the sandbox. */

import assert from "node:assert/strict";
import { assertMode } from "../platform/scratch_folder.ts";
import { failNext, stalledAnswer } from "../sim/faults.ts";
import { startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome, startProgram } from "./program.ts";

/** On Windows only administrators make links. */
const ignoreLinks = Deno.build.os === "windows";

const PLUGINS = new URL("../../plugins/", import.meta.url);
const PAGE = "okta-aws-console.html";
const GRANTS = ".config/okta-aws/grants.json";

const KUBECONFIG = `users:
- name: arn:aws:eks:eu-west-1:123456789012:cluster/prod
  user: {}
`;

async function addSettings(home: Home, text: string): Promise<void> {
  const settings = ".config/okta-aws/config.ini";
  await home.write(settings, `${await home.read(settings)}\n${text}`);
}

async function addPlugins(home: Home, ...names: string[]): Promise<void> {
  for (const name of names) {
    const { code, stderr } = await home.run(["plugin", "add", name, "--yes"]);
    assert.equal(code, 0, stderr);
  }
}

/** A plugin's result in `refresh --json`. */
interface Result {
  plugin: string;
  ok: boolean;
  message: string | null;
}

async function refresh(home: Home): Promise<{ plugins: Result[]; stderr: string }> {
  const { code, stdout, stderr } = await home.run(["refresh", "--json"]);
  assert.equal(code, 0, stderr);
  return { plugins: JSON.parse(stdout).plugins, stderr };
}

/** Adds both plugins, runs them and removes them; what they did, without the prefix of their names. */
async function whatTheyDo(home: Home, prefix: string, plugins: readonly string[]): Promise<{
  results: Result[];
  lines: string[];
  failure: string;
  page: string;
  kubeconfig: string;
}> {
  await addSettings(
    home,
    // In the sandbox of a busy machine they may take longer than the 5 s of the default.
    `[plugin ${prefix}kubeconfig]
timeout_seconds = 60
clusters = prod=okta-acme-production-Developer, gone=x
[plugin ${prefix}awslogin]
timeout_seconds = 60
table = true
`,
  );
  await home.write(".kube/config", KUBECONFIG);
  await addPlugins(home, ...plugins);
  const refreshed = await refresh(home);
  const { stdout } = await home.run(["awslogin", "okta-acme-production-Developer"]);
  assert.match(stdout, /^http:.*Action=login/);
  const failure = await home.run(["awslogin"]);
  assert.equal(failure.code, 1);
  assertMode(`${home.folder}/${PAGE}`, 0o600);
  for (const { plugin } of refreshed.plugins) await home.run(["plugin", "remove", plugin]);
  return {
    results: refreshed.plugins.map((one) => ({ ...one, plugin: one.plugin.replace(prefix, "") })),
    // The plugins run at the same time.
    lines: refreshed.stderr.replaceAll(prefix, "").split("\n").sort(),
    failure: failure.stderr.replace(prefix, ""),
    page: await home.read(PAGE),
    kubeconfig: await home.read(".kube/config"),
  };
}

Deno.test("the bundled plugins do the same as their files do in the sandbox", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const bundled = await whatTheyDo(home, "", ["awslogin", "kubeconfig"]);
  await Deno.remove(`${home.folder}/${PAGE}`);
  for (const name of ["awslogin", "kubeconfig"]) {
    const text = await Deno.readTextFile(new URL(`${name}.ts`, PLUGINS));
    await home.write(`${name}.ts`, text.replace(`name: "${name}"`, `name: "my-${name}"`));
  }
  assert.deepEqual(await whatTheyDo(home, "my-", ["awslogin.ts", "kubeconfig.ts"]), bundled);

  const { results, lines, failure, page, kubeconfig } = bundled;
  assert.deepEqual(results, [
    { plugin: "awslogin", ok: true, message: null },
    { plugin: "kubeconfig", ok: true, message: null },
  ]);
  assert.match(lines.join("\n"), /^kubeconfig: gone is not in /m);
  assert.match(lines.join("\n"), /^awslogin: okta-acme-production-Developer +http:\/\/localhost:/m);
  assert.match(failure, /plugin awslogin failed: missing argument: PROFILE/);
  assert.match(page, /okta-acme-production-Developer/);
  assert.match(kubeconfig, /- --profile\n +- okta-acme-production-Developer\n/);
});

Deno.test("a bundled plugin that asks for more than was granted does not run", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await addPlugins(home, "awslogin");
  const granted = JSON.parse(await home.read(GRANTS));
  const { permissions } = granted.plugins.awslogin;
  for (const less of [{ write: ["~/other.html"] }, { console: false }]) {
    const awslogin = { ...granted.plugins.awslogin, permissions: { ...permissions, ...less } };
    await home.write(GRANTS, JSON.stringify({ ...granted, plugins: { awslogin } }));
    const { plugins, stderr } = await refresh(home);
    const message = "it asks for more than was granted, so it was not run";
    assert.deepEqual(plugins, [{ plugin: "awslogin", ok: false, message }]);
    assert.match(stderr, /^ +review it, then run: okta-aws plugin trust awslogin$/m);
    assert.equal((await home.run(["awslogin", "okta-acme-production-Developer"])).code, 1);
    assert.equal(await home.read(PAGE), "");
    assert.match((await home.run(["plugin", "list"])).stdout, /^awslogin +changed /m);
  }
  assert.equal((await home.run(["plugin", "trust", "awslogin", "--yes"])).code, 0);
  assert.deepEqual((await refresh(home)).plugins.map(({ ok }) => ok), [true]);
  // More than it asks for is fine.
  const awslogin = { ...granted.plugins.awslogin, permissions: { ...permissions, env: ["X"] } };
  await home.write(GRANTS, JSON.stringify({ ...granted, plugins: { awslogin } }));
  assert.deepEqual((await refresh(home)).plugins.map(({ ok }) => ok), [true]);
});

Deno.test("bundled plugins that fail change nothing and are named", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await addPlugins(home, "awslogin", "kubeconfig");
  await addSettings(
    home,
    "[plugin awslogin]\nport = x\n[plugin kubeconfig]\nclusters = prod=okta-acme-production-Developer\n",
  );
  const { plugins, stderr } = await refresh(home);
  const message = "port in [plugin awslogin] is not a number";
  assert.deepEqual(plugins, [
    { plugin: "awslogin", ok: false, message },
    { plugin: "kubeconfig", ok: true, message: null },
  ]);
  assert.match(stderr, /^plugin awslogin failed: port in /m);
  assert.match(stderr, /^kubeconfig: prod is not in .*: run okta-aws kube setup --cluster prod$/m);
  assert.equal(await home.read(".kube/config"), "", "a missing kubeconfig stays missing");
});

Deno.test("the bundled plugins replace a link, but write through that of the kubeconfig", {
  ignore: ignoreLinks,
}, async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await addPlugins(home, "awslogin", "kubeconfig");
  await addSettings(
    home,
    "[plugin kubeconfig]\nclusters = prod=okta-acme-production-Developer\n",
  );
  const link = (to: string, name: string) => Deno.symlink(to, `${home.folder}/${name}`);
  const isLink = async (name: string) => (await Deno.lstat(`${home.folder}/${name}`)).isSymlink;
  await home.write("notes", "mine");
  await home.write("real-config", KUBECONFIG);
  await Deno.mkdir(`${home.folder}/.kube`);
  await link("notes", PAGE);
  await link("../real-config", ".kube/config");
  assert.deepEqual((await refresh(home)).plugins.map(({ ok }) => ok), [true, true]);
  assert.equal(await home.read("notes"), "mine");
  assert.equal(await isLink(PAGE), false);
  assert.match(await home.read(PAGE), /^<!DOCTYPE html>/);
  assert.equal(await isLink(".kube/config"), true);
  assert.match(await home.read("real-config"), /okta-acme-production-Developer/);

  await Deno.remove(`${home.folder}/.kube/config`);
  await home.write(".kube/config", `# not the same\n${KUBECONFIG}`);
  await link("../notes", ".kube/config.okta-aws");
  assert.deepEqual((await refresh(home)).plugins.map(({ ok }) => ok), [true, true]);
  assert.equal(await home.read("notes"), "mine");
  assert.equal(await isLink(".kube/config"), false);
  assert.match(await home.read(".kube/config"), /okta-acme-production-Developer/);

  // Our own files stay closed, as they are for all plugins.
  await Deno.remove(`${home.folder}/${PAGE}`);
  await link(GRANTS, PAGE);
  const [awslogin] = (await refresh(home)).plugins;
  assert.match(awslogin!.message!, /okta-aws's own settings/);
  assert.equal(await isLink(PAGE), true);
});

Deno.test("SIGINT ends the program while a bundled plugin waits", {
  ignore: Deno.build.os === "windows",
}, async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await addPlugins(home, "awslogin");
  await refresh(home);
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  sim.world.faults.push(failNext({ path: "/federation" }, () => {
    resolve();
    return stalledAnswer();
  }));
  const args = ["awslogin", "okta-acme-production-Developer"];
  const child = await startProgram({ home: home.folder, args, env: home.env });
  await asked;
  child.kill("SIGINT");
  const { code, stdout } = await child.output();
  assert.equal(code, 130);
  assert.equal(stdout.length, 0);
});
