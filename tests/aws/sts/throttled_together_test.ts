import assert from "node:assert/strict";
import { throttledTogether } from "../../../src/aws/sts/throttled_together.ts";
import type { HttpRequest, HttpResponse } from "../../../src/ports.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const REQUEST: HttpRequest = { method: "POST", url: "https://sts.us-east-1.amazonaws.com/" };
const fine = (): HttpResponse => ({ status: 200, headers: new Headers(), body: "" });
const throttled = (): HttpResponse => ({
  status: 400,
  headers: new Headers(),
  body: "<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>",
});

/** A client that gives answers in turn and notes when each request left. */
function timedHttp(clock: FakeClock, answers: HttpResponse[]) {
  const times: number[] = [];
  return {
    times,
    send() {
      times.push(clock.now());
      return Promise.resolve(answers.shift() ?? fine());
    },
  };
}

Deno.test("throttledTogether() holds nothing up as long as STS does not complain", async () => {
  const clock = new FakeClock(0);
  const http = timedHttp(clock, []);
  const together = throttledTogether(http, clock);
  for (let count = 0; count < 3; count++) await together.send(REQUEST);
  assert.deepEqual(http.times, [0, 0, 0]);
});

Deno.test("throttledTogether() lets the next ones wait when one was throttled", async () => {
  const clock = new FakeClock(0);
  const http = timedHttp(clock, [throttled()]);
  const together = throttledTogether(http, clock);
  assert.equal((await together.send(REQUEST)).status, 400, "it retries nothing");
  for (let count = 0; count < 3; count++) await together.send(REQUEST);
  assert.deepEqual(http.times, [0, 250, 275, 300]);
});

Deno.test("throttledTogether() waits twice as long each time STS asks again, 2 s at most", async () => {
  const clock = new FakeClock(0);
  const http = timedHttp(clock, Array.from({ length: 6 }, throttled));
  const together = throttledTogether(http, clock);
  for (let count = 0; count < 7; count++) await together.send(REQUEST);
  const pauses = http.times.slice(1).map((time, index) => time - http.times[index]!);
  assert.deepEqual(pauses, [250, 500, 1000, 2000, 2000, 2000]);
});

Deno.test("throttledTogether() counts a crowd that was throttled together once", async () => {
  const clock = new FakeClock(0);
  const http = timedHttp(clock, Array.from({ length: 5 }, throttled));
  const together = throttledTogether(http, clock);
  await Promise.all(Array.from({ length: 5 }, () => together.send(REQUEST)));
  await together.send(REQUEST);
  assert.equal(http.times.at(-1), 250);
});
