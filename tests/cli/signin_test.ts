import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome, signIns } from "./program.ts";

Deno.test("signin makes a session for the commands that come, and keeps one that lives", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const first = await home.run(["signin"]);
  assert.equal(first.code, 0);
  assert.equal(first.stdout, "");
  assert.match(first.stderr, /^signed in as jane@example\.com at 127\.0\.0\.1:\d+ until /);
  const { stdout } = await home.run(["signin", "--json"]);
  assert.deepEqual(Object.keys(JSON.parse(stdout)), ["account", "username", "org", "expiration"]);
  assert.equal((await home.run(["refresh"])).code, 0);
  assert.equal(signIns(sim), 1);
});

Deno.test("signin signs in again when Okta has ended the session", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.state.sessions.clear();
  sim.world.users[0]!.mfa = "none";
  assert.equal((await home.run(["signin"])).code, 0);
  assert.equal(signIns(sim), 1);
});

Deno.test("refresh signs in again when Okta has ended the session", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.state.sessions.clear();
  sim.world.users[0]!.mfa = "none";
  assert.equal((await home.run(["refresh"])).code, 0);
  assert.equal(signIns(sim), 1);
});

Deno.test("signout ends the session at Okta and keeps the rest", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  await home.run(["refresh"]);
  const credentials = await home.read(".aws/credentials");
  const { code, stderr } = await home.run(["signout"]);
  assert.equal(code, 0);
  assert.equal(stderr, "signed out\n");
  assert.equal(sim.state.sessions.size, 0);
  assert.equal(await home.read(".aws/credentials"), credentials);
  assert.equal((await home.run(["cred-process", "Developer"])).code, 0);
  assert.match((await home.run(["signout"])).stderr, /you were not signed in/);
});

Deno.test("signout works where Okta can't be reached", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.world.faults.push(() => Response.json({ errorCode: "E0000047" }, { status: 403 }));
  const { code, stderr } = await home.run(["signout"]);
  assert.equal(code, 0);
  assert.match(stderr, /signed out/);
  assert.match((await home.run(["status"])).stdout, /Okta session +none/);
});

Deno.test("signout --all forgets credentials, our sections and backups, not what is the person's", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const mine = "[default]\naws_access_key_id = A\n\n[okta-210987654321-ReadOnly]\noutput = json\n";
  await home.write(".aws/credentials", mine);
  await home.run(["refresh"]);
  const { code, stderr } = await home.run(["signout", "--all"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /removed 3 cached credentials and 2 profiles/);
  const left = await home.read(".aws/credentials");
  assert.deepEqual(left.match(/^\[.+\]$/gm), ["[default]", "[okta-210987654321-ReadOnly]"]);
  assert.match(left, /output = json/);
  const folders = ["credentials", "backup"].map((name) => `${home.folder}/.aws/okta-aws/${name}`);
  for (const folder of folders) assert.deepEqual([...Deno.readDirSync(folder)], []);
  assert.equal((await home.run(["totp"])).code, 0);
});

Deno.test("signout --forget forgets the stored secrets", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stderr } = await home.run(["signout", "--forget"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /deleted the stored secrets/);
  assert.match((await home.run(["status"])).stdout, /none stored/);
  const { code: without, stderr: reason } = await home.run(["signin"]);
  assert.equal(without, 7);
  assert.match(reason, /okta-aws init/);
  const json = await home.run(["signout", "--forget", "--json"]);
  assert.equal(JSON.parse(json.stdout).secrets, false);
});

Deno.test("auth = browser: exit 2 without a browser, and nothing is sent", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const path = ".config/okta-aws/config.ini";
  const settings = await home.read(path);
  await home.write(path, settings.replace("[account default]\n", "$&auth = browser\n"));
  await home.run(["signout"]);
  sim.requests.length = 0;
  const env = { OKTA_AWS_BROWSER_PATH: `${home.folder}/nowhere` };
  const { code, stderr } = await home.run(["signin"], { env });
  assert.equal(code, 2, stderr);
  assert.match(stderr, /no browser found/);
  assert.deepEqual(sim.requests, []);
});
