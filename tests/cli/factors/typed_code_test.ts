import assert from "node:assert/strict";
import { otherFactor } from "../../sim/default_world.ts";
import { scene } from "./scene.ts";

const KINDS = [["token:hotp", "Entrust"], ["token", "RSA"], ["token:hardware", "YubiKey"]] as const;

for (const [type, name] of KINDS) {
  scene(`a code of ${name} is typed`, { factors: [otherFactor(type)] }, async (it) => {
    const [right] = it.user.factors[0]!.codes!;
    const program = await it.start(["signin"]);
    await program.answer(name, "12345");
    await program.answer(name, right!);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    // The code of RSA has the PIN in it.
    assert.equal(shown.includes(right!), name !== "RSA", shown);
    assert.deepEqual(it.authnRequests(), ["/", "/factors/ID/verify", "/factors/ID/verify"]);
  });
}

scene(
  "an RSA server's wish for a new PIN is passed on, in its own words",
  { factors: [otherFactor("token", { pinSteps: ["new_pin", "repeat_pin", "next_code"] })] },
  async (it) => {
    const [first, second] = it.user.factors[0]!.codes!.slice();
    const program = await it.start(["signin"]);
    await program.answer("RSA", first!);
    await program.answer("Enter a new PIN having from 4 to 8 digits", "47114711");
    await program.answer("Please re-enter new PIN", "47114711");
    await program.answer("Wait for token to change", second!);
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("47114711"));
  },
);
