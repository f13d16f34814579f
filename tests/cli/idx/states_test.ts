import assert from "node:assert/strict";
import { startDuo } from "../../sim/duo/duo.ts";
import { otherFactor } from "../../sim/default_world.ts";
import { type Act, type IdxScene, stage } from "./stage.ts";

/** Passwords that end, enrolments, Duo, and what is recovered from on the way. */

function expired(name: string, expiredAs: "reenroll-authenticator" | "reset-authenticator"): Act {
  return {
    name,
    user: { passwordState: "expired", mfa: "none" },
    world: ({ policy, idx }) => {
      policy.complexity.minLength = 10;
      idx.expiredAs = expiredAs;
    },
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until("10 characters");
      await program.answer("New Okta password", "Short-1");
      await program.answer("Confirm new Okta password", "Short-1");
      await program.until("Password requirements were not met");
      await program.answer("New Okta password", "Summer-of-2026");
      await program.answer("Confirm new Okta password", "Summer-of-2026");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.ok(!shown.includes("Summer-of-2026") && !shown.includes("Short-1"));
      assert.equal(it.sim.user.password, "Summer-of-2026");
      await it.home.run(["signout"]);
      assert.equal((await it.home.run(["refresh"])).code, 0, "the new password is stored");
    },
  };
}

async function duoSignIn(it: IdxScene): Promise<void> {
  await using duo = startDuo({});
  const { host, keys } = duo;
  const id = "dsfigasO4dVUPM5O40h7";
  it.user.factors = [otherFactor("web", { id, provider: "DUO", duo: { host, keys } })];
  const program = await it.start(["signin", "--mfa-duo-device", "push"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(duo.prompts, ["phone1 Duo Push"]);
}

stage("states", [
  expired("an expired password is changed and stored", "reenroll-authenticator"),
  expired("a reset password too", "reset-authenticator"),
  {
    name: "the days until the password ends are told, and the sign-in goes on",
    user: { mfa: "none", passwordState: { expiresInDays: 3 } },
    async play({ home, idxRequests }) {
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /password.* 3 days/);
      assert.equal(idxRequests().at(-1), "/skip");
    },
  },
  {
    name: "a factor that has to be enrolled is, with consent",
    factors: [],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.answer("Okta asks you to enrol another factor", "y");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /[▀▄█]{8}/);
      assert.equal(it.user.factors[0]!.provider, "GOOGLE");
      const { stdout } = await it.home.run(["totp"]);
      const near = await Promise.all([-1, 0, 1].map((steps) => it.sim.user.code(steps)));
      assert.ok(near.includes(stdout.trim()), "the stored secret is the enrolled one");
    },
  },
  {
    name: "nothing is enrolled without consent",
    factors: [],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.answer("Okta asks you to enrol another factor", "n");
      const { code, shown } = await program.end();
      assert.equal(code, 3, shown);
      assert.deepEqual(it.user.factors, []);
      assert.equal(it.openSignIns(), 0);
    },
  },
  {
    name: "an optional enrolment is skipped",
    user: { mfa: "enroll_optional" },
    storesTotp: true,
    async play({ home, user, idxRequests }) {
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      assert.equal(user.factors.length, 1);
      assert.equal(idxRequests().at(-1), "/skip");
    },
  },
  { name: "Duo's frame is answered", factors: [], play: duoSignIn },
  {
    name: "Ctrl-C cancels the sign-in",
    factors: [otherFactor("question")],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until("liked as a child");
      await program.type("\x03");
      assert.equal((await program.end()).code, 130);
      assert.equal(it.openSignIns(), 0);
    },
  },
]);
