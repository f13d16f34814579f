import assert from "node:assert/strict";
import type { Simulator } from "../sim/simulator.ts";
import { startSimulator } from "../sim/simulator.ts";
import { roleArn } from "../sim/world.ts";
import { grantsOf } from "../sim/default_world.ts";
import { type Home, setUpHome, signIns } from "./program.ts";

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
