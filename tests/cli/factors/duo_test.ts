import assert from "node:assert/strict";
import { type Duo, type DuoPlan, startDuo } from "../../sim/duo/duo.ts";
import { otherFactor } from "../../sim/default_world.ts";
import type { SimFactor } from "../../sim/world.ts";
import { type Scene, scene, type SceneSettings } from "./scene.ts";

function factorOf({ host, keys }: Duo): SimFactor {
  return otherFactor("web", {
    id: "dsfigasO4dVUPM5O40h7",
    provider: "DUO",
    profile: { credentialId: "jane@example.com" },
    duo: { host, keys },
  });
}

function duoScene(
  name: string,
  plan: Partial<DuoPlan>,
  fn: (scene: Scene, duo: Duo) => Promise<void>,
  settings: SceneSettings = {},
): void {
  scene(name, { factors: [], ...settings }, async (it) => {
    await using duo = startDuo(plan);
    it.user.factors.push(factorOf(duo));
    await fn(it, duo);
  });
}

duoScene("Duo's ways are a menu; a push is announced, sent once and approved", {
  begins: "form",
  waits: 2,
}, async (it, duo) => {
  const program = await it.start(["signin"]);
  await program.until("push to iOS (XXX-XXX-1234)");
  await program.until("passcode of Token (1234)");
  await program.type("\r");
  await program.until("jane@example.com");
  await program.until("Pushed a login request");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(duo.prompts, ["phone1 Duo Push"]);
});

duoScene("a mistyped passcode of Duo's is asked again", {}, async (it, duo) => {
  const program = await it.start(["signin", "--mfa-duo-device", "token"]);
  await program.answer("passcode of Token (1234)", "000000");
  await program.until("try again");
  await program.answer("passcode of Token (1234)", "123 456");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(duo.prompts, ["token Passcode", "token Passcode"]);
  assert.ok(shown.includes("123 456") && shown.includes("000000"), shown);
});

duoScene("--mfa-duo-device call places a phone call", {}, async (it, duo) => {
  const program = await it.start(["signin", "--mfa-duo-device", "CALL"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(duo.prompts, ["phone1 Phone Call"]);
});

duoScene("mfa_duo_device of the account chooses the device", {}, async (it, duo) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(duo.prompts, ["phone1 Duo Push"]);
}, { settings: "mfa_duo_device = phone1" });

duoScene("a Duo push that is denied ends with 3 and is not sent again", {
  outcome: "deny",
}, async (it, duo) => {
  const program = await it.start(["signin", "--mfa-duo-device", "push"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /Login request denied/);
  assert.deepEqual(duo.prompts, ["phone1 Duo Push"]);
  assert.equal(it.authnRequests().at(-1), "/cancel");
});

duoScene(
  "a device that Duo does not offer is an error that lists those it does",
  {},
  async (it) => {
    const program = await it.start(["signin", "--mfa-duo-device", "u2f"]);
    const { code, shown } = await program.end();
    assert.equal(code, 3, shown);
    assert.match(shown, /phone1 \(push to iOS/);
  },
);

duoScene("Duo's Universal Prompt needs a browser, and is said to", {
  begins: "universal",
}, async (it, duo) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /Universal Prompt.*browser/);
  assert.deepEqual(duo.prompts, []);
});

duoScene("without a terminal nothing is sent to Duo", {}, async (it, duo) => {
  const { code, stderr } = await it.home.run(["signin", "--no-input"]);
  assert.equal(code, 4, stderr);
  assert.deepEqual(duo.prompts, []);
});

scene("a host that is not Duo's gets nothing", { factors: [] }, async (it) => {
  await using duo = startDuo();
  it.user.factors.push({ ...factorOf(duo), duo: { host: "duo.example.com", keys: duo.keys } });
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /duo\.example\.com/);
});
