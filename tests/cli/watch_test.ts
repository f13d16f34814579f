import assert from "node:assert/strict";
import { pathWith, writeProgram } from "../fakes/programs.ts";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome, startProgram } from "./program.ts";

Deno.test("refresh --watch renews before the end, says when, and which profiles changed", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  // What STS gives for 15 minutes ends 6 seconds from now.
  const real = sim.world.clock.now;
  sim.world.faults.push(({ host }) => {
    sim.world.clock.now = () => real() - (host === "sts" ? 894_000 : 0);
    return undefined;
  });
  const note = (file: string) =>
    Deno.writeTextFileSync(file, `${Deno.args.join(" ")}\n`, { append: true });
  await writeProgram(`${home.folder}/bin/notify-send`, note, `${home.folder}/notes`);
  await home.write(
    "reload.js",
    `export default { name: "reload", apiVersion: 1, permissions: {}, hooks: {
       profilesChanged({ renewed }, host) { host.log("reload " + renewed.join()); } } };`,
  );
  await home.run(["plugin", "add", "reload.js", "--yes"]);
  const child = await startProgram({
    args: ["refresh", "Developer", "--watch", "-t", "900"],
    home: home.folder,
    env: { ...home.env, PATH: pathWith(`${home.folder}/bin`) },
  });
  const shown: string[] = [];
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    shown.push(text);
    if (shown.join("").match(/renewing at/g)?.length === 2) break;
  }
  child.kill("SIGINT");
  const [{ code }] = await Promise.all([child.status, child.stdout.cancel()]);
  // There a signal from another program kills.
  if (Deno.build.os !== "windows") assert.equal(code, 130, shown.join(""));
  assert.match(shown.join(""), /renewing at (\d{4}-\d\d-\d\d )?\d\d:\d\d\n/);
  assert.match(shown.join(""), /^reload: reload okta-acme-production-Developer$/m);
  const change = "renewed okta-acme-production-Developer";
  assert.match(shown.join(""), new RegExp(`^${change}$`, "m"));
  if (Deno.build.os === "linux") {
    assert.match(await home.read("notes"), new RegExp(`okta-aws ${change}$`, "m"));
  }
  const written = /aws_access_key_id = (\w+)/.exec(await home.read(".aws/credentials"))![1]!;
  const issued = [...sim.state.credentials.keys()];
  assert.equal(issued.length, 2);
  assert.equal(written, issued[1]);
});

Deno.test("refresh --watch has nothing to do with --dry-run", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stderr } = await home.run(["refresh", "--watch", "--dry-run"]);
  assert.equal(code, 2);
  assert.match(stderr, /--watch and --dry-run/);
});
