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

Deno.test("waits the interval before each poll, the first too; five seconds where none is said", async () => {
  const asked = await wait([PENDING, PENDING, GRANTED], { intervalSeconds: 2 });
  assert.deepEqual(asked, { result: GRANTED, polls: 3, seconds: [2, 2, 2] });
  assert.deepEqual((await wait([GRANTED])).seconds, [5]);
  assert.deepEqual((await wait([GRANTED], { intervalSeconds: NaN })).seconds, [5]);
  assert.deepEqual((await wait([GRANTED], { intervalSeconds: 0 })).seconds, [1]);
});

Deno.test("slow_down adds five seconds for the rest, each time", async () => {
  const { seconds } = await wait([SLOW_DOWN, PENDING, SLOW_DOWN, PENDING, GRANTED], {
    intervalSeconds: 1,
  });
  assert.deepEqual(seconds, [1, 6, 6, 11, 11]);
});

Deno.test("ends when the code does, whatever the server still says", async () => {
  const { result, polls, seconds } = await wait([PENDING], { expiresInSeconds: 12 });
  assert.deepEqual(result, { kind: "expired" });
  assert.deepEqual({ polls, seconds }, { polls: 2, seconds: [5, 5, 2] });
  assert.deepEqual((await wait([{ kind: "expired" }])).result, { kind: "expired" });
});

Deno.test("a limited patience ends sooner, and says so", async () => {
  const { result, polls } = await wait([PENDING], { patienceMilliseconds: 60_000 });
  assert.deepEqual(result, { kind: "unanswered" });
  assert.equal(polls, 12);
});

Deno.test("a poll that the network lost doubles the interval; a network that is gone ends it", async () => {
  assert.deepEqual((await wait([TIMEOUT, GRANTED])).seconds, [5, 10]);
  const { result, polls } = await wait([TIMEOUT], { intervalSeconds: 1 });
  assert.deepEqual(result, { kind: "threw", error: TIMEOUT });
  assert.equal(polls, 4);
});

Deno.test("a refusal ends it at once", async () => {
  const denied = new SignInError("denied", { code: "access_denied" });
  const { result, polls } = await wait([PENDING, denied]);
  assert.deepEqual(result, { kind: "threw", error: denied });
  assert.equal(polls, 2);
});
