import assert from "node:assert/strict";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import type { PushPlan, SimFactor } from "../../sim/world.ts";
import { scene } from "./scene.ts";

const VERIFY = "/factors/ID/verify";

function push(plan: Partial<PushPlan> = {}): SimFactor {
  return otherFactor("push", { push: { outcome: "approve", waits: 0, numbers: [], ...plan } });
}

const oktaVerify = totpFactor("JBSWY3DPEHPK3PXP", { provider: "OKTA" });

/** `stty -g` before and after: whether the terminal was restored. */
const WATCHED = `before=$(stty -g); $PROGRAM; code=$?; ` +
  `[ "$before" = "$(stty -g)" ] && echo terminal as before; exit $code`;

scene("a push is sent once, told of before, and approved", { factors: [push()] }, async (it) => {
  const program = await it.start(["signin"]);
  await program.until("jane@example.com");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(it.sent(), ["push"]);
  assert.deepEqual(it.authnRequests(), ["/", VERIFY, VERIFY]);
});

scene(
  "a push's number is shown when Okta tells it, 0 too, and again when it changes",
  { factors: [push({ outcome: "wait", numbers: [0, 92] })] },
  async (it) => {
    const program = await it.start(["signin"]);
    await program.until("Tap 0 in Okta Verify");
    await program.until("Tap 92 in Okta Verify");
    it.user.factors[0]!.push!.outcome = "approve";
    assert.equal((await program.end()).code, 0);
    assert.deepEqual(it.sent(), ["push"]);
  },
);

scene("a rejected push ends with 3 and is not sent again", {
  factors: [push({ outcome: "reject" })],
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /reject/i);
  assert.deepEqual(it.sent(), ["push"]);
  assert.deepEqual(it.authnRequests(), ["/", VERIFY, VERIFY, "/cancel"]);
});

scene("a push that nobody answers ends with 3 and is not sent again", {
  factors: [push({ outcome: "timeout" })],
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /not answered|timed out|in time/i);
  assert.deepEqual(it.sent(), ["push"]);
});

scene(
  "a code typed while a push is out takes its place",
  { factors: [push({ outcome: "wait" }), oktaVerify] },
  async (it) => {
    const program = await it.start(["signin", "--mfa-factor-type", "push"]);
    await program.until("code");
    await program.type(`${await it.sim.user.code()}\r`);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    const requests = it.authnRequests();
    assert.deepEqual(requests.slice(-2), ["/previous", VERIFY]);
    assert.deepEqual(it.sent(), ["push"]);
  },
);

scene(
  "Ctrl-C while a push is out ends with 130, the transaction cancelled, the terminal as it was",
  { factors: [push({ outcome: "wait" }), oktaVerify] },
  async (it) => {
    const program = await it.start(["signin", "--mfa-factor-type", "push"], { shell: WATCHED });
    await program.until("code");
    await program.type("\x03");
    await program.until("terminal as before");
    assert.equal((await program.end()).code, 130);
    assert.equal(it.authnRequests().at(-1), "/cancel");
    assert.equal(it.sim.state.transactions.size, 0);
  },
);

scene("--no-input sends no push", { factors: [push()] }, async (it) => {
  const program = await it.start(["signin", "--no-input"]);
  const { code, shown } = await program.end();
  assert.equal(code, 4, shown);
  assert.deepEqual(it.sent(), []);
  assert.equal(it.sim.state.transactions.size, 0);
});

const PROFILE = "arn:aws:iam::123456789012:role/Developer";

scene(
  "cred-process tells on the terminal who asks, and prints nothing but JSON",
  { factors: [push({ outcome: "wait", numbers: [7] })] },
  async (it) => {
    const output = `${it.home.folder}/out`;
    const program = await it.start(["cred-process", PROFILE], {
      shell: `$PROGRAM > '${output}' 2> '${output}.err' < /dev/null`,
    });
    await program.until("Developer");
    await program.until("7");
    it.user.factors[0]!.push!.outcome = "approve";
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /asked by (sh|timeout)\r/);
    assert.equal(JSON.parse(await it.home.read("out")).Version, 1);
  },
);
