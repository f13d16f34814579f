import assert from "node:assert/strict";
import { failNext, jsonAnswer, NASTY_TEXT } from "../../sim/faults.ts";
import { type Act, stage } from "./stage.ts";

/** Answers of Identity Engine that must not be believed. */

/** The first answer is this one; the sign-in ends with 3, and the password goes nowhere. */
function believesNot(name: string, body: Record<string, unknown>, words: RegExp): Act {
  return {
    name,
    world: ({ faults }) => {
      const target = { host: "okta", path: "/idp/idx/introspect" } as const;
      faults.push(failNext(target, () => jsonAnswer({ version: "1.0.0", ...body })));
    },
    async play({ home, sim }) {
      const { code, stderr } = await home.run(["refresh"]);
      assert.equal(code, 3, stderr);
      assert.match(stderr, words);
      // deno-lint-ignore no-control-regex -- that is what must not be there
      assert.doesNotMatch(stderr, /[\x00-\x09\x0b-\x1f\u202e]/);
      assert.ok(sim.requests.every(({ text }) => !text.includes(sim.user.password)));
    },
  };
}

const passcode = { name: "passcode", secret: true };

const identify = {
  name: "identify",
  href: "https://evil.example/idp/idx/identify",
  method: "POST",
  value: [
    { name: "identifier" },
    { name: "credentials", type: "object", form: { value: [passcode] } },
    { name: "stateHandle", value: "02", mutable: false },
  ],
};

const message = { message: NASTY_TEXT, i18n: { key: NASTY_TEXT }, class: "ERROR" };

stage("answers that must not be believed", [
  believesNot("a form that leads outside the org", {
    stateHandle: "02",
    remediation: { type: "array", value: [identify] },
  }, /leads outside your Okta org.*evil\.example/),
  believesNot("an end that leads outside the org", {
    stateHandle: "02",
    success: { name: "success-redirect", href: "https://evil.example/login/token/redirect" },
  }, /leads outside your Okta org.*evil\.example/),
  believesNot("words that would write on the terminal", {
    messages: { type: "array", value: [message] },
  }, /\\x1b\[31m/),
]);
