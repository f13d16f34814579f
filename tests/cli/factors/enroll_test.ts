import assert from "node:assert/strict";
import { scene } from "./scene.ts";

scene("a factor that has to be enrolled is, with consent: shown once, stored, activated", {
  factors: [],
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Okta asks you to enrol another factor", "y");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.match(shown, /[▀▄█]{8}/);
  const [factor] = it.user.factors;
  assert.equal(factor!.provider, "GOOGLE");
  assert.deepEqual(it.authnRequests(), ["/", "/factors", "/factors/ID/lifecycle/activate"]);
  const { stdout } = await it.home.run(["totp"]);
  const near = await Promise.all([-1, 0, 1].map((steps) => it.sim.user.code(steps)));
  assert.ok(near.includes(stdout.trim()), "the stored secret is the enrolled one");
});

scene("nothing is enrolled without consent", { factors: [] }, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("Okta asks you to enrol another factor", "n");
  const { code, shown } = await program.end();
  assert.equal(code, 3, shown);
  assert.deepEqual(it.user.factors, []);
  assert.equal(it.sim.state.transactions.size, 0);
});

scene("where nobody can agree the sign-in ends with 3 and the way to enrol", {
  factors: [],
}, async (it) => {
  const { code, stderr } = await it.home.run(["refresh"]);
  assert.equal(code, 3, stderr);
  assert.match(stderr, /init --enroll-totp/);
  assert.deepEqual(it.user.factors, []);
});

scene("an optional enrolment is skipped", {
  user: { mfa: "enroll_optional" },
  storesTotp: true,
}, async (it) => {
  const { code, stderr } = await it.home.run(["signin"]);
  assert.equal(code, 0, stderr);
  assert.equal(it.user.factors.length, 1);
  assert.equal(it.authnRequests().at(-1), "/skip");
});

scene("init --enroll-totp enrols a factor and stores its secret", {
  factors: [],
  user: { mfa: "enroll_optional" },
}, async (it) => {
  const words = ["init", "--enroll-totp", "--sso-url", it.sim.embedLink(), "--profiles", "none"];
  const program = await it.start([...words, "--username", it.sim.user.login]);
  await program.answer("Okta password", it.sim.user.password);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.equal(it.user.factors.length, 1);
  assert.ok(!shown.includes(it.sim.user.password));
  assert.match((await it.home.run(["totp"])).stdout, /^\d{6}\n$/);
});
