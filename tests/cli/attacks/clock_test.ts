/** A clock that was ahead once: what was noted then is of no time, and must not block anybody now. */

import assert from "node:assert/strict";
import { ignoreWithout } from "../../real/programs.ts";
import { failNext, jsonAnswer } from "../../sim/faults.ts";
import { type Simulator, startSimulator } from "../../sim/simulator.ts";
import { type Home, setUpHome } from "../program.ts";

const ignore = Deno.build.os !== "linux" || ignoreWithout("faketime");

const ROLE = "arn:aws:iam::123456789012:role/Developer";

/** What the program `faketime` sets. */
async function ahead(by: string): Promise<Record<string, string>> {
  const { stdout } = await new Deno.Command("faketime", {
    args: ["-f", by, "sh", "-c", 'printf %s "$LD_PRELOAD"'],
  }).output();
  const preload = new TextDecoder().decode(stdout);
  assert.match(preload, /libfaketime/);
  return { LD_PRELOAD: preload, FAKETIME: by, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
}

function stsCalls(sim: Simulator): number {
  return sim.requests.filter(({ host }) => host === "sts").length;
}

async function succeeds(home: Home, args: string[], env = {}): Promise<string> {
  const { code, stdout, stderr } = await home.run(args, { env });
  assert.equal(code, 0, stderr);
  return stdout;
}

Deno.test({
  name: "clock: a kept assertion and credentials of the future are fetched again",
  ignore,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim, { args: ["--no-verify"] });
    const env = await ahead("+3h");
    await succeeds(home, ["roles", "--refresh"], env);
    // The assertion has expired at AWS, though its time is still to come.
    sim.world.clock.advance(10 * 60_000);
    await succeeds(home, ["cred-process", ROLE]);
    await succeeds(home, ["refresh"], env);
    sim.requests.length = 0;
    await succeeds(home, ["refresh", "--force"]);
    assert.ok(stsCalls(sim) >= 3, `${stsCalls(sim)} calls`);
    await succeeds(home, ["cred-process", ROLE], env);
    sim.requests.length = 0;
    await succeeds(home, ["refresh", "--force"]);
    assert.ok(stsCalls(sim) >= 3, `${stsCalls(sim)} calls`);
  },
});

Deno.test({
  name: "clock: a failure of the future is no failure of now",
  ignore,
  async fn() {
    await using sim = await startSimulator();
    await using home = await setUpHome(sim, { args: ["--no-verify"] });
    const denied = { errorCode: "E0000085", errorSummary: "You do not have permission" };
    const target = { host: "okta", method: "POST", path: "/api/v1/authn" } as const;
    sim.world.faults.push(failNext(target, () => jsonAnswer(denied, 403)));
    const { code } = await home.run(["signin", "--no-input"], { env: await ahead("+3h") });
    assert.equal(code, 3);
    await succeeds(home, ["signin", "--no-input"]);
  },
});

Deno.test("clock: an expiration is held against STS's own clock", async (test) => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  const plain = JSON.parse(await succeeds(home, ["cred-process", ROLE]));
  const answer = (expiration: string) =>
    new Response(
      `<AssumeRoleWithSAMLResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithSAMLResult><AssumedRoleUser>
    <Arn>arn:aws:sts::123456789012:assumed-role/Developer/jane</Arn><AssumedRoleId>A:jane</AssumedRoleId>
  </AssumedRoleUser><Credentials><AccessKeyId>${plain.AccessKeyId}</AccessKeyId>
    <SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken>
    <Expiration>${expiration}</Expiration></Credentials></AssumeRoleWithSAMLResult>
</AssumeRoleWithSAMLResponse>`,
      { headers: { "content-type": "text/xml", "date": new Date().toUTCString() } },
    );
  for (const year of [9999, 2001]) {
    await test.step(String(year), async () => {
      sim.world.faults.push(failNext({ host: "sts" }, () => answer(`${year}-01-01T00:00:00Z`)));
      const { code, stdout, stderr } = await home.run(["cred-process", "--force", ROLE]);
      if (year === 2001) {
        assert.equal(code, 6, stderr);
        assert.match(stderr, /Expiration/);
        return;
      }
      assert.equal(code, 0, stderr);
      const left = Date.parse(JSON.parse(stdout).Expiration) - Date.now();
      assert.ok(left <= 12 * 3_600_000 && left > 11 * 3_600_000, stdout);
    });
  }
});

for (const hours of [3, -3]) {
  Deno.test(`clock: a chained role is signed for by STS's clock, ${hours} hours from ours`, async () => {
    await using sim = await startSimulator();
    const trusts = [ROLE];
    const next = { name: "Next", path: "/", maxSessionDurationSeconds: 43_200, trusts };
    sim.world.accounts[1]!.roles.push(next);
    sim.world.clock.advance(hours * 3_600_000);
    await using home = await setUpHome(sim);
    const config = `[profile base]\nrole_arn = ${ROLE}\n` +
      "[profile next]\nsource_profile = base\nrole_arn = arn:aws:iam::210987654321:role/Next\n";
    await home.write(".aws/config", config);
    sim.requests.length = 0;
    const answer = JSON.parse(await succeeds(home, ["cred-process", "next"]));
    assert.equal(answer.AccountId, "210987654321");
    const calls = sim.requests.filter(({ form }) => form.get("Action") === "AssumeRole");
    assert.equal(calls.length, 2);
  });
}

Deno.test("clock: clusters are listed by AWS's clock", async () => {
  await using sim = await startSimulator();
  sim.world.clock.advance(3 * 3_600_000);
  await using home = await setUpHome(sim);
  const { code, stderr } = await home.run([
    "kube",
    "setup",
    "--cluster",
    "none",
    "--profile",
    ROLE,
  ]);
  // The simulator has no such cluster, but says so only to whoever signed rightly.
  assert.match(stderr, /ResourceNotFoundException/);
  assert.equal(code, 6);
});
