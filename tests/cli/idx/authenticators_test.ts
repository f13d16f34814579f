import assert from "node:assert/strict";
import { otherFactor, totpFactor } from "../../sim/default_world.ts";
import type { PushPlan, SimFactor } from "../../sim/world.ts";
import { type Act, type IdxScene, stage } from "./stage.ts";

/** Signing in on Identity Engine, authenticator by authenticator, typed where a person types. */

function push(plan: Partial<PushPlan> = {}): SimFactor {
  return otherFactor("push", { push: { outcome: "approve", waits: 0, numbers: [], ...plan } });
}

const oktaVerify = () => totpFactor("JBSWY3DPEHPK3PXP", { provider: "OKTA" });

async function endWell(program: Awaited<ReturnType<IdxScene["start"]>>): Promise<string> {
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  return shown;
}

/** Answers that last longer than a code, or hold a PIN, are not shown. */
const UNSEEN = ["RSA", "security question"];

/** A code that is mistyped once. */
function typed(
  name: string,
  factor: SimFactor,
  question: string,
  right: (it: IdxScene) => string | Promise<string>,
): Act {
  return {
    name,
    factors: [factor],
    async play(it) {
      const code = await right(it);
      const program = await it.start(["signin"]);
      await program.answer(question, "123456");
      await program.answer(question, code);
      const shown = await endWell(program);
      assert.equal(shown.includes(code), !UNSEEN.includes(name), shown);
      const answers = it.idxRequests().filter((path) => path === "/challenge/answer");
      assert.equal(answers.length, 2);
      assert.deepEqual(it.authnRequests(), []);
    },
  };
}

/** A code that is sent, once. */
function sent(name: string, type: string, question: string): Act {
  return {
    name,
    factors: [otherFactor(type)],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until("code sent");
      await program.answer(question, "nonsense");
      await program.until("try again");
      await program.answer(question, it.sentCode());
      await endWell(program);
      assert.deepEqual(it.sent(), [type]);
    },
  };
}

const firstCode = ({ user }: IdxScene) => user.factors[0]!.codes![0]!;

stage("codes that are typed", [
  typed(
    "Google Authenticator",
    totpFactor("JBSWY3DPEHPK3PXP"),
    "Google Authenticator",
    ({ sim }) => sim.user.code(),
  ),
  typed("Okta Verify", oktaVerify(), "Okta Verify", ({ sim }) => sim.user.code()),
  typed("custom OTP", otherFactor("token:hotp"), "Entrust", firstCode),
  typed("RSA", otherFactor("token"), "RSA", firstCode),
  typed("Symantec", otherFactor("token", { provider: "SYMANTEC" }), "Symantec", firstCode),
  typed("on-prem", otherFactor("token", { provider: "DEL_OATH" }), "On-Prem", firstCode),
  typed("YubiKey", otherFactor("token:hardware"), "YubiKey", firstCode),
  typed("temporary access code", otherFactor("tac"), "Temporary Access Code", firstCode),
  typed("security question", otherFactor("question"), "liked as a child", () => "liver"),
  sent("SMS", "sms", "SMS to +1 XXX-XXX-6688"),
  sent("call", "call", "+1 XXX-XXX-6688"),
  sent("e-mail", "email", "j...e@example.com"),
  {
    name: "an e-mail's link, clicked while its code is waited for",
    factors: [otherFactor("email")],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until("code sent");
      it.user.factors[0]!.linkClicked = true;
      await endWell(program);
    },
  },
  {
    name: "a stored TOTP secret answers automatically",
    storesTotp: true,
    async play({ home, idxRequests, authnRequests }) {
      const { code, stderr } = await home.run(["signin"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(idxRequests(), ["/introspect", "/identify", "/challenge/answer"]);
      assert.deepEqual(authnRequests(), []);
    },
  },
  {
    name: "RSA's new PIN",
    factors: [otherFactor("token", { pinSteps: ["new_pin", "repeat_pin", "next_code"] })],
    async play(it) {
      const [first, second] = it.user.factors[0]!.codes!.slice();
      const program = await it.start(["signin"]);
      await program.answer("RSA", first!);
      await program.answer("Enter a new PIN having from 4 to 8 digits", "47114711");
      await program.answer("Please re-enter new PIN", "47114711");
      await program.answer("Wait for token to change", second!);
      assert.ok(!(await endWell(program)).includes("47114711"));
    },
  },
]);

stage("pushes", [
  {
    name: "asked for, its number shown, 0 too, and approved",
    factors: [push({ outcome: "wait", numbers: [0, 92] })],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until("Tap 0 in Okta Verify");
      await program.until("Tap 92 in Okta Verify");
      it.user.factors[0]!.push!.outcome = "approve";
      await endWell(program);
      assert.deepEqual(it.sent(), ["push"]);
    },
  },
  {
    name: "sent by Okta at once (autoChallenge), and not again",
    factors: [push({ waits: 1 })],
    world: ({ idx }) => {
      idx.autoChallenge = true;
    },
    async play(it) {
      await endWell(await it.start(["signin"]));
      assert.deepEqual(it.sent(), ["push"]);
    },
  },
  {
    name: "a code typed meanwhile takes its place",
    factors: [push({ outcome: "wait" }), oktaVerify()],
    async play(it) {
      const program = await it.start(["signin", "--mfa-factor-type", "push"]);
      await program.until("code");
      await program.type(`${await it.sim.user.code()}\r`);
      await endWell(program);
      assert.deepEqual(it.sent(), ["push"]);
    },
  },
  {
    name: "--no-input sends none",
    factors: [push()],
    async play(it) {
      const { code, stderr } = await it.home.run(["signin", "--no-input"]);
      assert.equal(code, 4, stderr);
      assert.deepEqual(it.sent(), []);
      assert.equal(it.openSignIns(), 0);
    },
  },
]);
