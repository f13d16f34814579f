import assert from "node:assert/strict";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import { scene, type SceneSettings } from "./scene.ts";

const google = totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP");

function several(): SceneSettings {
  return { factors: [otherFactor("question"), otherFactor("sms"), { ...google }] };
}

scene("one factor is taken without a question", {
  factors: [otherFactor("question")],
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("liked as a child", "liver");
  assert.equal((await program.end()).code, 0);
});

scene("the stored TOTP secret wins over every question", {
  ...several(),
  storesTotp: true,
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(it.sent(), []);
});

scene("a menu names the factors in Okta's order; arrows choose", several(), async (it) => {
  const program = await it.start(["signin"]);
  await program.until("security question");
  await program.until("SMS to +1 XXX-XXX-6688");
  await program.until("Google Authenticator");
  await program.type("\x1b[B\r");
  await program.until("code sent");
  await program.answer("Code from SMS", it.sentCode());
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(it.sent(), ["sms"]);
});

scene("typing filters the menu", several(), async (it) => {
  const program = await it.start(["signin"]);
  await program.until("Google Authenticator");
  await program.type("goo\r");
  await program.answer("Code of", await it.sim.user.code());
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
});

scene("r at the menu remembers the choice for the account", several(), async (it) => {
  const first = await it.start(["signin"]);
  await first.until("Google Authenticator");
  await first.type("\x1b[B\x1b[Br");
  await first.until("remember the choice [x]");
  await first.type("\r");
  await first.answer("Code of", await it.sim.user.code());
  assert.equal((await first.end()).code, 0);
  assert.match(await it.home.read(".config/okta-aws/config.ini"), /mfa_provider = google/i);
  await it.home.run(["signout"]);
  it.sim.world.clock.advance(60_000);
  const second = await it.start(["signin"]);
  await second.answer("Google Authenticator", await it.sim.user.code());
  const { code, shown } = await second.end();
  assert.equal(code, 0, shown);
  assert.ok(!shown.includes("SMS to"));
});

const WAYS: [string, { args?: string[]; env?: Record<string, string>; settings?: string }][] = [
  ["--mfa-factor-type", { args: ["--mfa-factor-type", "SMS"] }],
  ["--mfa-provider", { args: ["--mfa-provider", "okta", "--mfa-factor-type", "sms"] }],
  ["AWS_OKTA_MFA_FACTOR_TYPE", { env: { AWS_OKTA_MFA_FACTOR_TYPE: "sms" } }],
  ["mfa_factor_type of the account", { settings: "mfa_factor_type = sms" }],
];

for (const [name, { args = [], env = {}, settings }] of WAYS) {
  const more = settings === undefined ? {} : { settings };
  scene(`${name} chooses the factor`, { ...several(), ...more }, async (it) => {
    const program = await it.start(["signin", ...args], { env });
    await program.until("code sent");
    await program.answer("Code from SMS to +1 XXX-XXX-6688", it.sentCode());
    const { code, shown } = await program.end();
    assert.equal(code, 0, shown);
    assert.ok(!shown.includes("security question"));
  });
}

scene(
  "a requested factor that is missing is reported, and the menu opens",
  several(),
  async (it) => {
    const program = await it.start(["signin", "--mfa-factor-type", "push"]);
    await program.until("does not offer");
    await program.until("SMS to +1 XXX-XXX-6688");
    await program.type("\r");
    await program.answer("liked as a child", "liver");
    assert.equal((await program.end()).code, 0);
  },
);

scene(
  "a requested factor that is missing is an error without a terminal",
  several(),
  async (it) => {
    const { code, stderr } = await it.home.run(["signin", "--mfa-factor-type", "push"]);
    assert.equal(code, 3, stderr);
    assert.match(stderr, /SMS to \+1 XXX-XXX-6688/);
    assert.equal(it.sim.state.transactions.size, 0);
  },
);

scene(
  "several factors and nobody to choose end with 4, and nothing is sent",
  several(),
  async (it) => {
    const { code, stderr } = await it.home.run(["signin"]);
    assert.equal(code, 4, stderr);
    assert.match(stderr, /--mfa-factor-type/);
    assert.deepEqual(it.sent(), []);
    assert.equal(it.sim.state.transactions.size, 0);
  },
);

scene("a factor that only a browser can serve is named, the others are to choose from", {
  factors: [otherFactor("claims_provider"), otherFactor("question"), otherFactor("sms")],
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.until("needs a browser): Acme IdP");
  await program.until("2 of 2");
  await program.type("\r");
  await program.answer("liked as a child", "liver");
  assert.equal((await program.end()).code, 0);
});

scene("where only a browser can serve, that is said, with the factor's name", {
  factors: [otherFactor("claims_provider"), otherFactor("shape_of_tomorrow")],
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.match(shown, /Acme IdP/);
  assert.match(shown, /browser/);
  assert.equal(it.sim.state.transactions.size, 0);
});
