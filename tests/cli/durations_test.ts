import assert from "node:assert/strict";
import { startSimulator } from "../sim/simulator.ts";
import { setUpHome } from "./program.ts";

const DEVELOPER = "arn:aws:iam::123456789012:role/Developer";

Deno.test("a duration that a role does not allow steps down, once; the result is kept", async () => {
  await using sim = await startSimulator({
    world: (world) => {
      for (const role of world.accounts.flatMap(({ roles }) => roles)) {
        role.maxSessionDurationSeconds = 3600;
      }
    },
  });
  await using home = await setUpHome(sim);
  const durations = () =>
    sim.requestsTo("sts", "POST", "/").map(({ form }) => Number(form?.get("DurationSeconds")));
  const first = await home.run(["env", DEVELOPER, "-t", "12h", "--json"]);
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(durations(), [43_200, 28_800, 14_400, 7200, 3600]);
  assert.match(first.stderr, /allows 1 h, not 12 h/);
  const again = await home.run(["env", DEVELOPER, "-t", "11h", "--json"]);
  assert.equal(again.code, 0, again.stderr);
  assert.equal(durations().at(-1), 3600);
  assert.equal(durations().length, 6, "one request, not five");
  for (const role of sim.world.accounts.flatMap(({ roles }) => roles)) {
    role.maxSessionDurationSeconds = 43_200;
  }
  const forced = await home.run(["env", DEVELOPER, "-t", "12h", "--force", "--json"]);
  assert.equal(forced.code, 0, forced.stderr);
  assert.deepEqual(durations().slice(6), [43_200], "--force tries it again");
});

Deno.test("session_ttl = max asks for the assertion's own duration", async () => {
  await using sim = await startSimulator({
    world: (world) => void (world.apps[0]!.sessionDuration = 7200),
  });
  await using home = await setUpHome(sim);
  const { code, stderr } = await home.run(["env", DEVELOPER, "-t", "max", "--json"]);
  assert.equal(code, 0, stderr);
  assert.equal(sim.requestsTo("sts", "POST", "/")[0]!.form?.get("DurationSeconds"), "7200");
});
