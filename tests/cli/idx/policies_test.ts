import assert from "node:assert/strict";
import { fakeFido2Tools, newCredential } from "../../fakes/fido2/keys.ts";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import type { AppPolicy, SimFactor, World } from "../../sim/world.ts";
import { type Act, type IdxScene, stage } from "./stage.ts";

/** What the app's policy asks for, and what it refuses. */

function policy(settings: AppPolicy): (world: World) => void {
  return ({ apps }) => {
    apps[0]!.policy = settings;
  };
}

const QUESTION = "liked as a child";

/** A key that is enrolled and plugged in signs at a touch. */
async function signWithKey(it: IdxScene): Promise<void> {
  const { credential, publicKey, credentialId } = await newCredential(
    new URL(it.sim.okta).hostname,
  );
  const profile = { credentialId, authenticatorName: "YubiKey 5" };
  const factor: SimFactor = otherFactor("webauthn", {
    id: "fwfigasO4dVUPM5O40h7",
    provider: "FIDO",
    profile,
    key: { publicKey },
  });
  it.user.factors.push(factor);
  await using tools = await fakeFido2Tools([{ device: "/dev/hidraw5", credentials: [credential] }]);
  const program = await it.start(["signin"], { env: tools.env });
  await program.until("touch your security key");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
}

/** A refusal ends with 3, Okta's words and what to do; the password went over once. */
function refused(name: string, settings: Partial<Act>, words: RegExp): Act {
  return {
    name,
    storesTotp: true,
    ...settings,
    async play(it) {
      const { code, stderr } = await it.home.run(["refresh"]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, words);
      const passwords = it.sim.requests.filter(({ text }) => text.includes(it.sim.user.password));
      assert.equal(passwords.length, 1);
      assert.equal(it.openSignIns(), 0);
    },
  };
}

stage("what the app's policy asks for", [
  {
    name: "two of different kinds: the question counts with the password as one",
    factors: [otherFactor("question"), totpFactor("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")],
    world: policy({ factors: "two_kinds" }),
    async play(it) {
      const program = await it.start(["signin"]);
      await program.answer("Google Authenticator", await it.sim.user.code());
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.ok(!shown.includes(QUESTION));
    },
  },
  {
    name: "phishing-resistant only: the security key signs",
    world: policy({ factors: "phishing_resistant" }),
    play: signWithKey,
  },
  {
    name: "the password comes later, or not at all",
    factors: [otherFactor("question")],
    world: (world) => {
      world.idx.identify = "first";
      world.apps[0]!.policy = { factors: "one" };
    },
    async play(it) {
      const program = await it.start(["signin", "--mfa-factor-type", "question"]);
      await program.answer(QUESTION, "liver");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
    },
  },
  {
    name: "identifier first, the password then, and the code",
    storesTotp: true,
    world: ({ idx }) => {
      idx.identify = "first";
      idx.handles = "one";
      idx.page = "json";
    },
    async play({ home, sim, idxRequests }) {
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      const sentPasswords = sim.requests.filter(({ text }) => text.includes(sim.user.password));
      assert.equal(sentPasswords.length, 1);
      assert.equal(idxRequests()[0], "/introspect");
    },
  },
  {
    name: "a menu that lists the password again does not have it sent again",
    storesTotp: true,
    world: ({ idx }) => {
      idx.menu = "all";
    },
    async play({ home, sim }) {
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      const passwords = sim.requests.filter(({ text }) => text.includes(sim.user.password));
      assert.equal(passwords.length, 1);
    },
  },
  {
    name: "a menu that lists a push again, which was approved, has no other sent",
    factors: [
      otherFactor("sms"),
      otherFactor("push", { push: { outcome: "approve", waits: 0, numbers: [] } }),
    ],
    world: ({ idx }) => {
      idx.identify = "first";
      idx.menu = "all";
    },
    async play(it) {
      const program = await it.start(["signin", "--mfa-factor-type", "push"]);
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.deepEqual(it.sent(), ["push"]);
    },
  },
  {
    name: "re-authentication every time: each assertion is a sign-in of its own",
    factors: [otherFactor("question")],
    world: policy({ everyTime: true }),
    async play(it) {
      for (let time = 0; time < 2; time++) {
        it.sim.requests.length = 0;
        const program = await it.start(["refresh"]);
        await program.answer(QUESTION, "liver");
        const { code, shown } = await program.end();
        assert.equal(code, 0, shown);
        assert.equal(it.idxRequests().filter((path) => path === "/introspect").length, 1);
      }
    },
  },
  {
    name: "a session that has proven enough opens the app without a question",
    storesTotp: true,
    async play({ home, sim, idxRequests }) {
      assert.equal((await home.run(["signin"])).code, 0);
      sim.requests.length = 0;
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(idxRequests(), []);
    },
  },
  {
    name: "FastPass is passed by where there is another way",
    factors: [otherFactor("signed_nonce"), otherFactor("question")],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.answer(QUESTION, "liver");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
    },
  },
  {
    name: "probing for Okta Verify, a grace period, and staying signed in are answered",
    storesTotp: true,
    world: (world) => {
      Object.assign(world.idx, { probing: true, keepMeSignedIn: true, success: "remediation" });
      world.apps[0]!.policy = { gracePeriod: true };
    },
    async play({ home, idxRequests }) {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /device doesn't meet the security requirements/);
      assert.deepEqual(idxRequests().slice(-2), ["/skip", "/keep-me-signed-in"]);
    },
  },
]);

stage("what the app's policy refuses", [
  refused("access denied", { world: policy({ denial: "access_denied" }) }, /access.denied/),
  refused(
    "device assurance",
    { world: policy({ denial: "device_assurance" }) },
    /security requirements.*Update to Android 100/s,
  ),
  refused(
    "assurance that the person can't give",
    { world: policy({ factors: "phishing_resistant" }) },
    /assurance\.unsatisfiable/,
  ),
  refused("no assignment", {
    world: ({ apps }) => {
      apps[0]!.assigned = [];
    },
  }, /not assigned/),
  refused("FastPass alone", {
    storesTotp: false,
    factors: [otherFactor("signed_nonce")],
    world: policy({ factors: "phishing_resistant" }),
  }, /FastPass/),
  refused("a step that nobody knows", {
    user: { endsIn: "do-a-\u001b[31mdance" },
  }, /do-a-.*browser/s),
]);
