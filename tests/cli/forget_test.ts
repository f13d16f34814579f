import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { type Home, setUpHome } from "./program.ts";

async function files(home: Home, folder = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${home.folder}${folder}`)) {
    const path = `${folder}/${name}`;
    found.push(...isDirectory ? await files(home, path) : [path]);
  }
  // Of the tests' own.
  return found.filter((path) => path !== "/.salts-drawn").sort();
}

Deno.test("signout --all --forget: leaves nothing but the settings", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--profiles", "process"] });
  for (const args of [["refresh"], ["cred-process", "Developer"], ["env", "ReadOnly"]]) {
    assert.equal((await home.run(args)).code, 0);
  }
  await home.write(".aws/okta-aws/notes.txt", "the person's own");
  const { code, stderr } = await home.run(["signout", "--all", "--forget"]);
  assert.equal(code, 0, stderr);
  assert.deepEqual(await files(home), [
    "/.aws/config",
    "/.aws/okta-aws/notes.txt",
    "/.config/okta-aws/config.ini",
  ]);
});

Deno.test("signout --all --forget: keeps what other accounts have", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const path = ".config/okta-aws/config.ini";
  const settings = await home.read(path);
  await home.write(path, settings + settings.replace("[account default]", "[account other]"));
  assert.equal((await home.run(["cred-process", "Developer"])).code, 0);
  await home.run(["signout", "--all", "--forget", "--account", "other"]);
  const kept = await files(home);
  assert.ok(kept.some((file) => file.startsWith("/.aws/okta-aws/credentials/")), kept.join());
  assert.ok(kept.some((file) => file.startsWith("/.aws/okta-aws/sessions/")), kept.join());
});

Deno.test("init: --sso-url and --sso-start-url can't be used together", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const portal = ["--sso-start-url", "https://d-1234567890.awsapps.com/start"];
  const { code, stderr } = await home.run(["init", "--sso-url", sim.embedLink(), ...portal]);
  assert.equal(code, 2, stderr);
  assert.match(stderr, /--sso-url and --sso-start-url can't be used together/);
  assert.deepEqual(sim.requests, []);
});
