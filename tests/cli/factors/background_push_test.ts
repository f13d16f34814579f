import assert from "node:assert/strict";
import { otherFactor } from "../../sim/default_world.ts";
import type { PushPlan, SimFactor } from "../../sim/world.ts";
import { setUpHome } from "../program.ts";
import { startSimulator } from "../../sim/simulator.ts";
import { scene } from "./scene.ts";

const PROFILE = "arn:aws:iam::123456789012:role/Developer";

function push(plan: Partial<PushPlan> = {}): SimFactor {
  return otherFactor("push", { push: { outcome: "approve", waits: 0, numbers: [], ...plan } });
}

/** A home with a push factor, for runs without a terminal. */
async function background(fn: (run: Background) => Promise<void>, plan?: Partial<PushPlan>) {
  await using sim = await startSimulator({
    world: (world) => {
      world.users[0]!.factors = [push(plan)];
    },
  });
  const secrets = JSON.stringify({ password: sim.user.password });
  await using home = await setUpHome(sim, { args: ["--no-verify"], secrets });
  const configure = async (line: string) => {
    const path = ".config/okta-aws/config.ini";
    await home.write(path, `${(await home.read(path)).trimEnd()}\n\n[okta-aws]\n${line}\n`);
  };
  await fn({
    configure,
    run: () => home.run(["cred-process", PROFILE]),
    pushes: () => sim.state.inbox.length,
    transactions: () => sim.state.transactions.size,
  });
}

interface Background {
  configure(line: string): Promise<void>;
  run(): Promise<{ code: number; stdout: string; stderr: string }>;
  pushes(): number;
  transactions(): number;
}

Deno.test("cred-process without a terminal sends no push, and ends with 4", () =>
  background(async ({ run, pushes, transactions }) => {
    const { code, stdout, stderr } = await run();
    assert.equal(code, 4, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /okta-aws signin/);
    assert.equal(pushes(), 0);
    assert.equal(transactions(), 0);
  }));

Deno.test("cred-process without a terminal sends a push when interactive = always", () =>
  background(async ({ configure, run, pushes }) => {
    await configure("interactive = always");
    const { code, stdout, stderr } = await run();
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(stdout).Version, 1);
    assert.equal(pushes(), 1);
  }));

Deno.test("after three unanswered pushes background callers fail fast", () =>
  background(async ({ configure, run, pushes }) => {
    await configure("interactive = always");
    for (let i = 0; i < 3; i++) assert.notEqual((await run()).code, 0);
    assert.equal(pushes(), 3);
    const { code, stderr } = await run();
    assert.equal(code, 4, stderr);
    assert.match(stderr, /okta-aws signin/);
    assert.equal(pushes(), 3);
  }, { outcome: "timeout" }));

scene(
  "a person's sign-in ends the pause after three unanswered pushes",
  { factors: [push({ outcome: "timeout" })], settings: "\n[okta-aws]\ninteractive = always" },
  async (it) => {
    for (let i = 0; i < 3; i++) await it.home.run(["cred-process", PROFILE]);
    it.user.factors[0]!.push!.outcome = "approve";
    assert.equal((await it.home.run(["cred-process", PROFILE])).code, 4);
    const program = await it.start(["signin"]);
    assert.equal((await program.end()).code, 0);
    assert.equal((await it.home.run(["cred-process", PROFILE])).code, 0);
    assert.equal(it.sent().length, 4);
  },
);

scene(
  "cred-process asks nothing at a terminal when interactive = never",
  { factors: [push()], settings: "\n[okta-aws]\ninteractive = never" },
  async (it) => {
    const program = await it.start(["cred-process", PROFILE]);
    const { code, shown } = await program.end();
    assert.equal(code, 4, shown);
    assert.deepEqual(it.sent(), []);
  },
);

scene(
  "cred-process as a background job of a shell sends no push and does not hang",
  { factors: [push()] },
  async (it) => {
    const program = await it.start(["cred-process", PROFILE], {
      shell: "set -m; $PROGRAM & wait $!; echo ended with $?",
    });
    await program.until("ended with 4");
    await program.end();
    assert.deepEqual(it.sent(), []);
  },
);
