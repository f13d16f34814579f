import assert from "node:assert/strict";
import type { Simulator } from "../sim/simulator.ts";
import { startSimulator } from "../sim/simulator.ts";
import { roleArn } from "../sim/world.ts";
import { grantsOf } from "../sim/default_world.ts";
import { failNext, stalledAnswer } from "../sim/faults.ts";
import { type Home, setUpHome, signIns, startProgram } from "./program.ts";

const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";

/** A home in which nobody has signed in yet. */
function coldHome(sim: Simulator, env: Record<string, string> = {}): Promise<Home> {
  return setUpHome(sim, { args: ["--no-verify"], env });
}

function stsCalls(sim: Simulator): (string | null)[] {
  return sim.requestsTo("sts", "POST", "/").map(({ form }) => form.get("RoleArn"));
}

/** Gives the sim an account with this many roles, and their ARNs. */
function addRoles(sim: Simulator, count: number): string[] {
  const roles = Array.from({ length: count }, (_, index) => ({
    name: `Role${index}`,
    path: "/",
    maxSessionDurationSeconds: 3600,
  }));
  const account = { id: "555555555555", alias: "many", samlProviders: ["Okta"], roles };
  sim.world.accounts.push(account);
  sim.world.apps[0]!.grants = grantsOf(sim.world.accounts);
  return roles.map((role) => roleArn(account, role));
}

Deno.test("24 cold callers of one role sign in once and ask STS once", async () => {
  await using sim = await startSimulator();
  await using home = await coldHome(sim);
  const runs = await Promise.all(
    Array.from({ length: 24 }, () => home.run(["cred-process", DEVELOPER])),
  );
  assert.deepEqual(runs.filter(({ code }) => code !== 0), []);
  assert.equal(new Set(runs.map(({ stdout }) => stdout)).size, 1);
  assert.deepEqual([signIns(sim), stsCalls(sim).length], [1, 1]);
});

Deno.test("cold callers of different roles sign in once and share the assertion", async () => {
  await using sim = await startSimulator();
  const arns = addRoles(sim, 16);
  await using home = await coldHome(sim);
  const runs = await Promise.all(arns.map((arn) => home.run(["cred-process", arn])));
  assert.deepEqual(runs.filter(({ code }) => code !== 0), []);
  assert.equal(signIns(sim), 1);
  assert.equal(sim.state.assertions.size, 1);
  assert.deepEqual(stsCalls(sim).toSorted(), arns.toSorted());
});

Deno.test("a waiting process signs in when the first one is killed before the password", async () => {
  await using sim = await startSimulator();
  await using home = await coldHome(sim);
  const arrived = Promise.withResolvers<void>();
  const stall = failNext({ host: "okta" }, () => {
    arrived.resolve();
    return stalledAnswer();
  });
  sim.world.faults.push(stall);
  const options = { args: ["cred-process", DEVELOPER], home: home.folder, env: home.env };
  const first = await startProgram(options);
  await arrived.promise;
  const waiter = home.run(["cred-process", DEVELOPER]);
  first.kill("SIGKILL");
  const [{ code, stderr }] = await Promise.all([waiter, first.output()]);
  assert.equal(code, 0, stderr);
  assert.deepEqual([signIns(sim), stsCalls(sim).length], [1, 1], "its heir");
});

Deno.test("a refresh asks STS once for each role of the settings, over so many connections", async () => {
  await using sim = await startSimulator();
  const arns = addRoles(sim, 9);
  sim.world.accounts.at(-1)!.roles[1]!.denied = true;
  await using home = await coldHome(sim);
  const settings = ".config/okta-aws/config.ini";
  const own = "roles = many/*\nexclude_roles = many/Role3\n[okta-aws]\nconcurrency = 2\n";
  await home.write(settings, `${(await home.read(settings)).trimEnd()}\n${own}`);
  const { code, stderr } = await home.run(["refresh"]);
  assert.equal(code, 6, stderr);
  assert.match(stderr, /✓ 7 written .* ✗ 1 refused/);
  const wanted = arns.filter((arn) => !arn.endsWith("/Role3"));
  assert.deepEqual(stsCalls(sim).toSorted(), wanted.toSorted());
  assert.ok(sim.connections("sts") <= 2, `${sim.connections("sts")} connections`);
});

Deno.test("a refresh backs off together when STS throttles, and gets every role", async () => {
  await using sim = await startSimulator();
  addRoles(sim, 30);
  await using home = await coldHome(sim);
  sim.world.aws.throttledRequests = 22;
  const { code, stderr } = await home.run(["refresh", "--json"]);
  assert.equal(code, 0, stderr);
  assert.equal(stsCalls(sim).length, 33 + 22);
});

Deno.test("a kept assertion is not used once its minutes are over, nor after signout", async () => {
  await using sim = await startSimulator();
  await using home = await setUpHome(sim);
  for (const role of ["Developer", "Administrator", "ReadOnly"]) {
    const { code, stderr } = await home.run(["cred-process", role]);
    assert.equal(code, 0, stderr);
  }
  const { size } = sim.state.assertions;
  await home.run(["cred-process", "Developer", "-t", "1h30m"]);
  assert.equal(sim.state.assertions.size, size, "the kept one was used");
  sim.world.clock.advance(5 * 60_000);
  const late = await home.run(["cred-process", "Developer", "-t", "2h"]);
  assert.equal(late.code, 0, late.stderr);
  assert.equal(sim.state.assertions.size, size + 1, "AWS called the kept one too old");
  await home.run(["signout"]);
  assert.deepEqual(
    await Array.fromAsync(Deno.readDir(`${home.folder}/.aws/okta-aws/sessions`)),
    [],
  );
});
