import assert from "node:assert/strict";
import { otherFactor } from "../../sim/default_world.ts";
import { badGateway, failNext } from "../../sim/faults.ts";
import type { World } from "../../sim/world.ts";
import { stage } from "./stage.ts";

/** What goes wrong in the middle, and is recovered from without starting over where Okta allows. */

const QUESTION = "liked as a child";

stage("recovery", [
  {
    name: "a 429 in the middle is waited out",
    factors: [otherFactor("question")],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until(QUESTION);
      it.sim.world.throttles.push({ path: "/idp/idx/", times: 1, resetInSeconds: 1 });
      await program.type("liver\r");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.match(shown, /rate limit|too many requests|429/i);
      assert.equal(it.idxRequests().filter((path) => path === "/introspect").length, 1);
    },
  },
  {
    name: "an expired sign-in starts again automatically",
    factors: [otherFactor("question")],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until(QUESTION);
      it.sim.world.clock.advance(6 * 60_000);
      await program.type("liver\r");
      await program.answer(QUESTION, "liver");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.equal(it.idxRequests().filter((path) => path === "/introspect").length, 2);
    },
  },
  {
    name: "a poll of a push that fails is repeated, and no second push is sent",
    factors: [otherFactor("push")],
    world: ({ faults }) => {
      faults.push(failNext({ host: "okta", path: /\/poll$/ }, badGateway));
    },
    async play(it) {
      const { code, shown } = await (await it.start(["signin"])).end();
      assert.equal(code, 0, shown);
      assert.deepEqual(it.sent(), ["push"]);
    },
  },
  {
    name: "a rejected push is not sent again automatically",
    factors: [otherFactor("push", { push: { outcome: "reject", waits: 0, numbers: [] } })],
    async play(it) {
      const { code, shown } = await (await it.start(["signin"])).end();
      assert.equal(code, 3, shown);
      assert.match(shown, /reject/i);
      assert.deepEqual(it.sent(), ["push"]);
      assert.equal(it.openSignIns(), 0);
    },
  },
  {
    name: "after a rejected push another factor can be chosen, in the same sign-in",
    factors: [
      otherFactor("push", { push: { outcome: "reject", waits: 0, numbers: [] } }),
      otherFactor("question"),
    ],
    async play(it) {
      const program = await it.start(["signin"]);
      await program.until("security question");
      await program.type("\r");
      await program.until("reject");
      await program.until("security question");
      await program.type("question\r");
      await program.answer(QUESTION, "liver");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      assert.deepEqual(it.sent(), ["push"]);
      assert.equal(it.idxRequests().filter((path) => path === "/introspect").length, 1);
    },
  },
  {
    name: "a wrong stored password goes over once, and is asked for",
    user: { password: "another one", mfa: "none" },
    async play(it) {
      const { code, stderr } = await it.home.run(["signin", "--no-input"]);
      assert.equal(code, 3, stderr);
      assert.equal(it.idxRequests().filter((path) => path === "/identify").length, 1);
    },
  },
  {
    name: "too many wrong codes end it in Okta's words",
    factors: [otherFactor("question")],
    world: ({ policy }) => {
      policy.maxFailedCodes = 2;
    },
    async play(it) {
      const program = await it.start(["signin"]);
      await program.answer(QUESTION, "cake");
      await program.answer(QUESTION, "pie");
      const { code, shown } = await program.end();
      assert.equal(code, 3, shown);
      assert.match(shown, /suspended/);
    },
  },
]);

function refusesAuthn({ idx }: World): void {
  idx.authn = "E0000085";
}

stage("the way in", [
  {
    name: "the app's own page: one sign-in, and the next run needs none",
    storesTotp: true,
    settings: "auth = auto",
    async play({ home, sim, authnRequests }) {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.deepEqual(authnRequests(), []);
      const passwords = sim.requests.filter(({ text }) => text.includes(sim.user.password));
      assert.equal(passwords.length, 1);
    },
  },
  {
    name: "authn, if a captcha comes before the page's password",
    storesTotp: true,
    settings: "auth = auto",
    world: ({ idx }) => {
      idx.captcha = true;
    },
    async play({ home, sim, authnRequests }) {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      assert.equal(authnRequests()[0], "/");
      const passwords = sim.requests.filter(({ text }) => text.includes(sim.user.password));
      assert.equal(passwords.length, 1);
    },
  },
  {
    name: "the app's page, where the org's policy refuses authn",
    storesTotp: true,
    settings: "auth = auto",
    world: refusesAuthn,
    async play({ home, sim, authnRequests }) {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
      // The password was not sent twice to find that out.
      assert.deepEqual(authnRequests(), []);
      const passwords = sim.requests.filter(({ text }) => text.includes(sim.user.password));
      assert.equal(passwords.length, 1);
    },
  },
  {
    name: "the rest at the app's page, where a session of authn has not proven enough",
    factors: [otherFactor("question")],
    user: { mfa: "none" },
    settings: "auth = authn",
    world: ({ apps }) => {
      apps[0]!.policy = { factors: "password_and_any" };
    },
    async play(it) {
      const program = await it.start(["refresh"]);
      await program.answer(QUESTION, "liver");
      const { code, shown } = await program.end();
      assert.equal(code, 0, shown);
      const passwords = it.sim.requests.filter(({ text }) => text.includes(it.sim.user.password));
      assert.equal(passwords.length, 1);
    },
  },
  {
    name: "a session of authn whose sid the app's page does not take",
    storesTotp: true,
    settings: "auth = authn",
    world: ({ idx }) => {
      idx.takesSid = false;
    },
    async play({ home }) {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 0, stderr);
    },
  },
]);
