import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const TUNNEL = `export default { name: "tunnel", apiVersion: 1, permissions: {}, hooks: {},
  commands: { tunnel: { brief: "opens a tunnel", args: "WORD",
    run({ args }) { return "tunnel " + args.join(" "); } } } };\n`;

Deno.test("a plugin's command takes an argument that is the name of a built-in command", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.write("tunnel.js", TUNNEL);
  const added = await home.run(["plugin", "add", "tunnel.js", "--yes"]);
  assert.equal(added.code, 0, added.stderr);
  for (const args of [["tunnel", "status"], ["--account", "default", "tunnel", "status"]]) {
    const { code, stdout, stderr } = await home.run(args);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "tunnel status\n");
  }
});

Deno.test("plugin list: tells what is wrong with each plugin", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const name of ["gone", "large", "other"]) {
    await home.write(`${name}.js`, TUNNEL.replaceAll("tunnel", name));
    const added = await home.run(["plugin", "add", `${name}.js`, "--yes"]);
    assert.equal(added.code, 0, added.stderr);
  }
  await Deno.remove(`${home.folder}/gone.js`);
  await home.write("large.js", `// ${"x".repeat(5 * 1024 * 1024)}`);
  await home.write("other.js", "// changed");
  const { stdout } = await home.run(["plugin", "list", "--json"]);
  const listed = (JSON.parse(stdout) as Record<string, string>[])
    .filter(({ state }) => state !== "off")
    .map(({ plugin, state, problem }) => [plugin, state, problem]);
  assert.deepEqual(listed.map(([plugin, state]) => [plugin, state]), [
    ["gone", "missing"],
    ["large", "failed"],
    ["other", "changed"],
  ]);
  const problems = listed.map(([, , problem]) => problem!);
  assert.match(problems[0]!, /file not found: .*gone\.js/);
  assert.match(problems[1]!, /larger than 5 MiB/);
  assert.match(problems[2]!, /has changed/);
  const { stderr } = await home.run(["plugin", "list"]);
  assert.match(stderr, /^large: the plugin is larger than 5 MiB$/m);
});
