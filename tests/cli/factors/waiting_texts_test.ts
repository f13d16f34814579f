import assert from "node:assert/strict";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import { openScreen } from "../screens/screen.ts";
import { scene } from "./scene.ts";

scene("a push counts down, and its question disappears when the phone answers", {
  factors: [otherFactor("push", { push: { outcome: "wait", waits: 0, numbers: [42] } })],
}, async (it) => {
  const screen = await openScreen(it.home, ["signin"], { columns: 80 });
  await screen.until("Tap 42 in Okta Verify");
  await screen.until("left)");
  assert.match(screen.text(), /Approve on your phone \([45]:\d\d left\):/);
  it.user.factors[0]!.push!.outcome = "approve";
  await screen.until("signed in as");
  assert.doesNotMatch(screen.text(), /Approve/);
  assert.equal((await screen.end()).code, 0);
});

scene("a wrong SMS code: says how to get another one, and nothing of the clock", {
  factors: [otherFactor("sms")],
}, async (it) => {
  const screen = await openScreen(it.home, ["signin"], { columns: 80 });
  const question = "Code from SMS to +1 XXX-XXX-6688 (r: send another)";
  const again = "wrong code: try again (r sends a new one)";
  await screen.answer(question, "000001");
  await screen.answer(`000001\n${again}\n${question}`, "000002");
  await screen.answer(`000002\n${again}\n${question}`, "000003");
  assert.equal((await screen.end()).code, 3);
  assert.match(screen.text(), /Okta rejected the code \(SMS to \+1 XXX-XXX-6688\)/);
  assert.match(screen.text(), /type the code that was sent last/);
  assert.doesNotMatch(screen.text(), /clock/);
});

const GONE = "mfa_provider = OKTA\nmfa_factor_type = push";

scene("a saved factor that is gone: the only other one is used, without a menu", {
  factors: [otherFactor("question")],
  settings: GONE,
}, async (it) => {
  const screen = await openScreen(it.home, ["signin"], { columns: 120 });
  await screen.answer("least liked as a child?:", "liver");
  assert.equal((await screen.end()).code, 0);
  assert.match(
    screen.text(),
    /^Okta does not offer the saved or requested factor \(OKTA push\): using security question\nWhat/,
  );
});

scene("a saved factor that is gone: a menu of the others", {
  factors: [otherFactor("question"), totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")],
  settings: GONE,
}, async (it) => {
  const screen = await openScreen(it.home, ["signin"], { columns: 120 });
  await screen.until("2 of 2");
  assert.match(screen.text(), /\(OKTA push\): choose another\n/);
  await screen.type("question\r");
  await screen.answer("least liked as a child?:", "liver");
  assert.equal((await screen.end()).code, 0);
});
