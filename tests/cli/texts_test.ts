import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";
import { ignorePty } from "./pty.ts";
import { openScreen } from "./screens/screen.ts";

Deno.test("refresh: shows AWS's id of a refusal with --debug and --json only", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  sim.world.accounts[0]!.roles[1]!.denied = true;
  const { code, stderr } = await home.run(["refresh"]);
  assert.equal(code, 6, stderr);
  assert.doesNotMatch(stderr, /\(request /);
  const json = await home.run(["refresh", "--json"]);
  assert.match(JSON.parse(json.stdout).failed[0].message, /\(request /);
  const one = await home.run(["env", "Developer"]);
  assert.doesNotMatch(one.stderr, /\(request /);
  assert.match((await home.run(["env", "Developer", "--debug"])).stderr, /\(request /);
});

Deno.test("refresh --as: shows each profile once", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stdout, stderr } = await home.run(["refresh", "Developer", "--as", "default"]);
  assert.equal(code, 0, stderr);
  const profiles = stdout.trimEnd().split("\n").slice(1).map((row) => row.split(/ {2,}/)[2]);
  assert.deepEqual(profiles, ["okta-acme-production-Developer", "default"]);
});

Deno.test("setup-profiles: says when nothing changes", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const first = await home.run(["setup-profiles"]);
  assert.match(first.stderr, /^wrote 3 profiles to ~\/\.aws\/config$/m);
  const dry = await home.run(["setup-profiles", "--dry-run"]);
  assert.deepEqual([dry.stdout, dry.stderr], ["", "Nothing would change\n"]);
  const again = await home.run(["setup-profiles"]);
  assert.equal(again.stderr, "3 profiles in ~/.aws/config are up to date\n");
});

Deno.test("--account: a name that no account can have is refused, not proposed", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const { code, stderr } = await home.run(["status", "--account", "a b"]);
  assert.equal(code, 2);
  assert.match(stderr, /^okta-aws: invalid account name: a b\n {2}use letters/);
});

Deno.test("--verbose: names the flag that is meant", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const { code, stderr } = await home.run(["status", "--verbose"]);
  assert.equal(code, 2);
  assert.match(stderr, /^okta-aws: unknown flag --verbose \(did you mean --debug\?\)\n/);
  const short = await home.run(["status", "-v"]);
  assert.match(short.stderr, /^okta-aws: unknown flag -v \(did you mean --debug\?\)\n/);
});

Deno.test("secrets set totp: refuses what is too short for a secret", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim, { args: ["--no-verify"] });
  const { code, stderr } = await home.run(["secrets", "set", "totp"], { stdin: "hello world\n" });
  assert.equal(code, 2);
  assert.match(stderr, /16 characters or more/);
  assert.doesNotMatch(stderr, /hello/);
});

Deno.test("status: shows the time left of the session once Okta has said it", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  assert.match((await home.run(["status"])).stdout, /Okta session +✓ signed in since/);
  await home.run(["signin"]);
  assert.match((await home.run(["status"])).stdout, /Okta session +✓ 1h 59m left \(until .*\d\)/);
  const [{ sessionExpiration }] = JSON.parse((await home.run(["status", "--json"])).stdout);
  assert.ok(Date.parse(sessionExpiration) > Date.now());
  await home.run(["signout"]);
  assert.match((await home.run(["status"])).stdout, /Okta session +none/);
});

Deno.test({
  name: "signout --all: asks at a terminal before it deletes anything",
  ignore: ignorePty,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim);
    await home.run(["refresh"]);
    const refused = await openScreen(home, ["signout", "--all"], { columns: 80 });
    await refused.answer("of account default? (y/N):", "");
    assert.equal((await refused.end()).code, 130);
    assert.match(await home.read(".aws/credentials"), /aws_access_key_id/);
    assert.match((await home.run(["status"])).stdout, /signed in since/);
    const agreed = await openScreen(home, ["signout", "--all", "--yes"], { columns: 80 });
    assert.equal((await agreed.end()).code, 0, agreed.text());
    assert.doesNotMatch(await home.read(".aws/credentials"), /aws_access_key_id/);
  },
});

Deno.test("refresh -t: tells once that roles allow only shorter sessions", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const { code, stderr } = await home.run(["refresh", "-t", "12h"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^2 roles allow less than 12 h: arn:aws\S+ allows \d h, not 12 h$/m);
  assert.equal(stderr.match(/allows \d h/g)?.length, 1, stderr);
});
