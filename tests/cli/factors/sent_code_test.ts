import assert from "node:assert/strict";
import { otherFactor } from "../../sim/default_world.ts";
import { scene } from "./scene.ts";

const VERIFY = "/factors/ID/verify";

const KINDS = [
  ["sms", "SMS to +1 XXX-XXX-6688"],
  ["call", "+1 XXX-XXX-6688"],
  ["email", "j...e@example.com"],
] as const;

for (const [type, name] of KINDS) {
  scene(
    `a code by ${type} is sent once, and a mistyped one asked for again`,
    { factors: [otherFactor(type)] },
    async (it) => {
      const program = await it.start(["signin"]);
      await program.until("code sent");
      await program.answer(name, "nonsense");
      await program.until("try again");
      await program.answer(name, it.sentCode());
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.ok(shown.includes(it.sentCode()));
      assert.deepEqual(it.sent(), [type]);
      assert.deepEqual(it.authnRequests(), ["/", VERIFY, VERIFY, VERIFY]);
    },
  );

  scene(`--no-input has no code sent by ${type}`, { factors: [otherFactor(type)] }, async (it) => {
    const program = await it.start(["signin", "--no-input"]);
    const { code, shown } = await program.end();
    assert.equal(code, 4, shown);
    assert.deepEqual(it.sent(), []);
  });
}
