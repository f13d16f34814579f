import assert from "node:assert/strict";
import { awsApp, otherFactor, totpFactor } from "../../sim/default_world.ts";
import type { SimFactor, StepUpStyle } from "../../sim/world.ts";
import { scene } from "./scene.ts";

const STYLES: StepUpStyle[] = ["script", "unicode", "json", "input", "action", "redirect"];

const HOUR = 3600_000;
const SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const HOURLY = { secret: SECRET, algorithm: "SHA-1" as const, digits: 6, period: HOUR / 1000 };

const question = () => otherFactor("question");
const QUESTION = "liked as a child";

for (const stepUp of STYLES) {
  scene(`an app's own factor is asked for, its page written as ${stepUp}`, {
    factors: [question()],
    world: ({ apps }) => {
      apps[0]!.stepUp = stepUp;
    },
  }, async (it) => {
    const program = await it.start(["refresh"]);
    await program.answer(QUESTION, "liver");
    await program.answer(QUESTION, "liver");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.match(shown, /okta-acme-production-Developer/);
    assert.equal(it.sim.state.sessions.size, 1);
  });
}

for (const stepUpResult of ["original", "sessionToken", "both"] as const) {
  scene(`a step-up that ends in ${stepUpResult} leads to the app`, {
    factors: [question()],
    world: ({ apps }) => Object.assign(apps[0]!, { stepUp: "script", stepUpResult }),
  }, async (it) => {
    const program = await it.start(["refresh"]);
    await program.answer(QUESTION, "liver");
    await program.answer(QUESTION, "liver");
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
  });
}

scene("a step-up right after an SMS does not have another one sent at once", {
  factors: [otherFactor("sms")],
  world: ({ apps }) => {
    apps[0]!.stepUp = "script";
  },
}, async (it) => {
  const program = await it.start(["refresh"]);
  await program.until("code sent");
  await program.answer("Code from SMS to +1 XXX-XXX-6688", it.sentCode());
  // Okta refuses a second SMS within its 30 s: that must be told, not fail the run at once.
  await program.until("a moment ago");
  await program.until("r: send another");
  await program.type("r\r");
  await program.until("waiting");
  await program.type("\x03");
  const { code } = await program.end();
  assert.equal(code, 130);
  assert.deepEqual(it.sent(), ["sms"]);
});

scene("a stored TOTP secret answers the step-up as well, with a code of its own", {
  storesTotp: true,
  factors: [totpFactor(SECRET, { totp: HOURLY })],
  world: ({ apps, clock }) => {
    apps[0]!.stepUp = "json";
    // Okta's clock, so far ahead that codes are computed by it, is at the beginning of an hour: no
    // machine is so slow that the next code comes in between.
    clock.offsetMs = 3 * HOUR - Date.now() % HOUR;
  },
}, async (it) => {
  const program = await it.start(["refresh"]);
  // The next code is an hour away: no test waits for it.
  await program.until("waiting");
  await program.type("\x03");
  assert.equal((await program.end()).code, 130);
});

scene("a second app of the same org needs no second factor", {
  factors: [question()],
  world: ({ apps }) => {
    const { grants } = apps[0]!;
    apps.push(awsApp("AWS Staging", { id: "0oa4omz2i9XRNSRIHBZO", exk: "exk4omz2i9", grants }));
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer(QUESTION, "liver");
  assert.equal((await program.end()).code, 0);
  const url = it.sim.embedLink("AWS Staging");
  const path = ".config/okta-aws/config.ini";
  const settings = await it.home.read(path);
  await it.home.write(path, settings.replace(/^app = .*$/m, `app = ${url}`));
  const { code, stderr } = await it.home.run(["refresh", "--no-input"]);
  assert.equal(code, 0, stderr);
  assert.equal(it.sim.state.sessions.size, 1);
});

const google: SimFactor = totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

scene("a remembered device is asked for its factor once", {
  factors: [{ ...google }],
  settings: "remember_device = true",
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Google Authenticator", await it.sim.user.code());
  assert.equal((await program.end()).code, 0);
  const verify = it.sim.requests.find(({ path }) => path.endsWith("/verify"))!;
  assert.equal(verify.query.get("rememberDevice"), "true");
  it.sim.state.sessions.clear();
  const { code, stderr } = await it.home.run(["signin", "--no-input"]);
  assert.equal(code, 0, stderr);
});

scene("a device is not remembered unless the setting says so, a verify link's query is kept", {
  factors: [{ ...google }],
  world: ({ policy }) => {
    policy.verifyQuery = "?p=1";
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Google Authenticator", await it.sim.user.code());
  assert.equal((await program.end()).code, 0);
  const verify = it.sim.requests.find(({ path }) => path.endsWith("/verify"))!;
  assert.deepEqual([...verify.query], [["p", "1"]]);
  assert.equal(it.sim.state.rememberedDevices.size, 0);
});

scene("remember_device is added to a verify link that carries a query", {
  factors: [{ ...google }],
  settings: "remember_device = true",
  world: ({ policy }) => {
    policy.verifyQuery = "?p=1";
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Google Authenticator", await it.sim.user.code());
  assert.equal((await program.end()).code, 0);
  const verify = it.sim.requests.find(({ path }) => path.endsWith("/verify"))!;
  assert.deepEqual([...verify.query], [["p", "1"], ["rememberDevice", "true"]]);
});
