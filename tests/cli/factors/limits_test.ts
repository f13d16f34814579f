import assert from "node:assert/strict";
import { badGateway, droppedConnection, failNext } from "../../sim/faults.ts";
import { otherFactor } from "../../sim/default_world.ts";
import { scene } from "./scene.ts";

const question = () => otherFactor("question");

scene("a 429 is waited out by Okta's own clock, with a countdown", {
  factors: [question()],
  world: ({ throttles, clock }) => {
    // A clock that is hours off must not make the wait hours long.
    clock.offsetMs = 3 * 3600_000;
    throttles.push({ path: "/api/v1/authn", times: 1, resetInSeconds: 1 });
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("liked as a child", "liver");
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.match(shown, /rate limit|too many requests|429/i);
});

scene("a password without an answer is not sent again automatically", {
  factors: [question()],
  world: ({ faults }) => {
    const target = { host: "okta", method: "POST", path: "/api/v1/authn", times: 2 } as const;
    faults.push(failNext(target, droppedConnection));
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 5, shown);
  assert.deepEqual(it.authnRequests(), ["/"]);
});

scene("a code without an answer is not sent again automatically", {
  factors: [question()],
  world: ({ faults }) => {
    faults.push(failNext({ host: "okta", path: /\/verify$/, times: 2 }, badGateway));
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  await program.answer("liked as a child", "liver");
  const { code, shown } = await program.end();
  assert.equal(code, 5, shown);
  assert.equal(it.authnRequests().filter((line) => line.endsWith("/verify")).length, 1);
});

scene("a poll of a push that fails is repeated, and no second push is sent", {
  factors: [otherFactor("push")],
  world: ({ faults }) => {
    faults.push(failNext({ host: "okta", path: /\/verify$/, after: 1 }, badGateway));
  },
}, async (it) => {
  const program = await it.start(["signin"]);
  const { code, shown } = await program.end();
  assert.equal(code, 0, shown);
  assert.deepEqual(it.sent(), ["push"]);
});
