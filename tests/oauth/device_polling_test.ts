import assert from "node:assert/strict";
import { NetworkError, SignInError } from "../../src/errors.ts";
import { type PollAnswer, pollForGrant } from "../../src/oauth/device_polling.ts";
import { FakeClock } from "../fakes/fake_clock.ts";

type Step = PollAnswer<string> | Error;

const PENDING: Step = { kind: "pending" };
const SLOW_DOWN: Step = { kind: "slow_down" };
const GRANTED: Step = { kind: "granted", value: "token" };
const TIMEOUT = new NetworkError("no answer", { code: "timeout" });

interface Wait {
  intervalSeconds?: number;
  expiresInSeconds?: number;
  patienceMilliseconds?: number;
}

async function wait(steps: Step[], settings: Wait = {}) {
  const clock = new FakeClock();
  const { intervalSeconds, expiresInSeconds = 600, patienceMilliseconds } = settings;
  let polls = 0;
  const outcome = pollForGrant(clock, () => {
    const step = steps[Math.min(polls++, steps.length - 1)]!;
    return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
  }, { intervalSeconds, expiresInSeconds, patienceMilliseconds });
  const result = await outcome.catch((error: unknown) => ({ kind: "threw", error }));
  return { result, polls, seconds: clock.slept.map((milliseconds) => milliseconds / 1000) };
}

Deno.test("pollForGrant() waits the interval before each poll, by default five seconds", async () => {
  const asked = await wait([PENDING, PENDING, GRANTED], { intervalSeconds: 2 });
  assert.deepEqual(asked, { result: GRANTED, polls: 3, seconds: [2, 2, 2] });
  assert.deepEqual((await wait([GRANTED])).seconds, [5]);
  assert.deepEqual((await wait([GRANTED], { intervalSeconds: NaN })).seconds, [5]);
  assert.deepEqual((await wait([GRANTED], { intervalSeconds: 0 })).seconds, [1]);
});

Deno.test("pollForGrant() adds five seconds after each slow_down", async () => {
  const { seconds } = await wait([SLOW_DOWN, PENDING, SLOW_DOWN, PENDING, GRANTED], {
    intervalSeconds: 1,
  });
  assert.deepEqual(seconds, [1, 6, 6, 11, 11]);
});

Deno.test("pollForGrant() ends when the code expires, whatever the server says", async () => {
  const { result, polls, seconds } = await wait([PENDING], { expiresInSeconds: 12 });
  assert.deepEqual(result, { kind: "expired" });
  assert.deepEqual({ polls, seconds }, { polls: 2, seconds: [5, 5, 2] });
  assert.deepEqual((await wait([{ kind: "expired" }])).result, { kind: "expired" });
});

Deno.test("pollForGrant() returns unanswered after its time limit", async () => {
  const { result, polls } = await wait([PENDING], { patienceMilliseconds: 60_000 });
  assert.deepEqual(result, { kind: "unanswered" });
  assert.equal(polls, 12);
});

Deno.test("pollForGrant() doubles the interval after a network failure, and gives up after several", async () => {
  assert.deepEqual((await wait([TIMEOUT, GRANTED])).seconds, [5, 10]);
  const { result, polls } = await wait([TIMEOUT], { intervalSeconds: 1 });
  assert.deepEqual(result, { kind: "threw", error: TIMEOUT });
  assert.equal(polls, 4);
});

Deno.test("pollForGrant() ends at once when the server refuses", async () => {
  const denied = new SignInError("denied", { code: "access_denied" });
  const { result, polls } = await wait([PENDING, denied]);
  assert.deepEqual(result, { kind: "threw", error: denied });
  assert.equal(polls, 2);
});
