import assert from "node:assert/strict";
import { NetworkError } from "../src/errors.ts";
import { backOffMilliseconds, rateLimitMilliseconds, sendWithRetry } from "../src/http_retry.ts";
import type { RetryOptions } from "../src/http_retry.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "../src/ports.ts";

const START = Date.parse("2024-01-01T00:00:00Z");

/** A clock that only moves when somebody sleeps or a request takes its time. */
class FakeClock implements Clock {
  time = START;
  slept: number[] = [];
  now(): number {
    return this.time;
  }
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.slept.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }
}

type Step = HttpResponse | Error;

function answer(status: number, headers: Record<string, string> = {}, body = ""): HttpResponse {
  return { status, headers: new Headers(headers), body };
}

function failure(code: string): NetworkError {
  return new NetworkError("broken", { code });
}

/** The last step repeats for ever. */
function world(steps: Step[], takes = 0) {
  const clock = new FakeClock();
  const sent: HttpRequest[] = [];
  const troubles: [after: number, message: string][] = [];
  const http: HttpClient = {
    onTrouble: ({ message }) => void troubles.push([clock.time - START, message]),
    send(request) {
      const step = steps[Math.min(sent.length, steps.length - 1)]!;
      sent.push(request);
      const allowed = request.timeoutMilliseconds ?? 30_000;
      clock.time += Math.min(takes, allowed);
      if (takes > allowed) return Promise.reject(failure("timeout"));
      return step instanceof Error ? Promise.reject(step) : Promise.resolve(step);
    },
  };
  const send = (options: Partial<RetryOptions> = {}, request: Partial<HttpRequest> = {}) =>
    sendWithRetry(
      { http, clock },
      { method: "POST", url: "https://example.com/", ...request },
      { idempotent: false, random: () => 0.5, ...options },
    );
  return { clock, sent, send, troubles };
}

const DATE = { "Date": "Mon, 01 Jan 2024 10:00:00 GMT" };
const SERVER_SECONDS = Date.parse(DATE.Date) / 1000;

Deno.test("backOffMilliseconds() doubles and is half random", () => {
  assert.deepEqual([0, 1, 2, 3].map((retry) => backOffMilliseconds(retry, 0)), [
    250,
    500,
    1000,
    2000,
  ]);
  assert.deepEqual([0, 1, 2, 3].map((retry) => backOffMilliseconds(retry, 1)), [
    500,
    1000,
    2000,
    4000,
  ]);
});

Deno.test("rateLimitMilliseconds() uses the server's clock, not ours", () => {
  const headers = new Headers({ ...DATE, "X-Rate-Limit-Reset": String(SERVER_SECONDS + 7) });
  for (const skew of [0, -36e5, 36e5]) {
    assert.equal(rateLimitMilliseconds(headers, START + skew), 7000);
  }
});

Deno.test("rateLimitMilliseconds() uses our clock when there is no Date", () => {
  const headers = new Headers({ "X-Rate-Limit-Reset": String(START / 1000 + 4) });
  assert.equal(rateLimitMilliseconds(headers, START), 4000);
});

Deno.test("rateLimitMilliseconds() reads Retry-After in seconds and as a date", () => {
  assert.equal(rateLimitMilliseconds(new Headers({ "Retry-After": "3" }), START), 3000);
  const date = { ...DATE, "Retry-After": "Mon, 01 Jan 2024 10:00:09 GMT" };
  assert.equal(rateLimitMilliseconds(new Headers(date), START), 9000);
});

Deno.test("rateLimitMilliseconds() uses the later of both", () => {
  const reset = String(SERVER_SECONDS + 7);
  const both = (after: string) =>
    new Headers({ ...DATE, "X-Rate-Limit-Reset": reset, "Retry-After": after });
  assert.equal(rateLimitMilliseconds(both("20"), START), 20_000);
  assert.equal(rateLimitMilliseconds(both("1"), START), 7000);
});

Deno.test("rateLimitMilliseconds() returns undefined for the limit on concurrent requests", () => {
  const reset = (seconds: number) => ({ ...DATE, "X-Rate-Limit-Reset": String(seconds) });
  const left = { ...reset(SERVER_SECONDS + 30), "X-Rate-Limit-Remaining": "12" };
  assert.equal(rateLimitMilliseconds(new Headers(left), START), undefined);
  assert.equal(rateLimitMilliseconds(new Headers(reset(SERVER_SECONDS - 5)), START), undefined);
  assert.equal(rateLimitMilliseconds(new Headers(), START), undefined);
  assert.equal(rateLimitMilliseconds(new Headers({ "Retry-After": "soon" }), START), undefined);
});

Deno.test("sendWithRetry() returns the first response unchanged", async () => {
  for (const status of [200, 302, 400, 401, 403, 404, 501]) {
    const { send, sent, clock } = world([answer(status)]);
    assert.equal((await send({ idempotent: true })).status, status);
    assert.equal(sent.length, 1);
    assert.deepEqual(clock.slept, []);
  }
});

Deno.test("sendWithRetry() retries a 5xx only if it is idempotent", async () => {
  for (const status of [500, 502, 503, 504]) {
    const twice = world([answer(status), answer(200)]);
    assert.equal((await twice.send({ idempotent: true })).status, 200);
    assert.equal(twice.sent.length, 2);
    const once = world([answer(status), answer(200)]);
    assert.equal((await once.send()).status, status);
    assert.equal(once.sent.length, 1);
  }
});

Deno.test("sendWithRetry() retries a dropped connection only if it is idempotent", async () => {
  for (const code of ["reset", "network"]) {
    const twice = world([failure(code), answer(200)]);
    assert.equal((await twice.send({ idempotent: true })).status, 200);
    const once = world([failure(code), answer(200)]);
    await assert.rejects(once.send(), { code });
    assert.equal(once.sent.length, 1);
  }
});

Deno.test("sendWithRetry() retries even a password if nothing was sent", async () => {
  for (const code of ["refused", "dns"]) {
    const { send, sent } = world([failure(code), answer(200)]);
    assert.equal((await send()).status, 200);
    assert.equal(sent.length, 2);
  }
});

Deno.test("sendWithRetry() never retries timeouts, TLS failures and the like", async () => {
  for (const code of ["timeout", "tls", "too_large", "insecure_url"]) {
    const { send, sent } = world([failure(code), answer(200)]);
    await assert.rejects(send({ idempotent: true }), { code });
    assert.equal(sent.length, 1);
  }
});

Deno.test("sendWithRetry() throws other errors at once", async () => {
  const { send, sent } = world([new TypeError("bug"), answer(200)]);
  await assert.rejects(send({ idempotent: true }), TypeError);
  assert.equal(sent.length, 1);
});

Deno.test("sendWithRetry() stops retrying a lasting failure within 15 seconds", async () => {
  for (const step of [answer(503), failure("reset"), failure("refused"), failure("dns")]) {
    for (const random of [0, 0.5, 1]) {
      for (const takes of [0, 100, 4000, 20_000]) {
        const { send, sent, clock } = world([step], takes);
        const [end] = await Promise.allSettled([
          send({ idempotent: true, random: () => random }),
        ]);
        const outcome = end.status === "fulfilled" ? end.value : end.reason;
        assert.ok(outcome === step || outcome.code === "timeout");
        assert.ok(clock.time - START - takes <= 15_000, `${clock.time - START - takes}`);
        assert.ok(sent.length <= 5);
        if (takes < 1000) assert.ok(sent.length >= 3);
      }
    }
  }
});

Deno.test("sendWithRetry() shortens the timeout of a retry to the time left", async () => {
  const { send, sent } = world([answer(503)], 3000);
  await send({ idempotent: true });
  const timeouts = sent.map((request) => request.timeoutMilliseconds);
  assert.equal(timeouts[0], undefined);
  assert.ok(timeouts.slice(1).every((timeout) => timeout! <= 15_000 && timeout! >= 5000));
  const short = world([answer(503), answer(200)]);
  await short.send({ idempotent: true }, { timeoutMilliseconds: 2000 });
  assert.deepEqual(short.sent.map((request) => request.timeoutMilliseconds), [2000, 2000]);
});

Deno.test("sendWithRetry() waits for a rate limit's reset, counts down, and retries a POST", async () => {
  const limited = answer(
    429,
    { ...DATE, "X-Rate-Limit-Reset": String(SERVER_SECONDS + 3), "X-Rate-Limit-Remaining": "0" },
    JSON.stringify({ errorCode: "E0000047", errorCauses: null }),
  );
  const { send, sent, clock } = world([limited, answer(200)]);
  const told: number[] = [];
  const response = await send({ onWait: (seconds) => told.push(seconds) });
  assert.equal(response.status, 200);
  assert.equal(sent.length, 2);
  assert.ok(clock.time - START >= 3000 && clock.time - START <= 4000);
  assert.deepEqual(told, [4, 3, 2, 1, 0]);
});

Deno.test("sendWithRetry() waits at most 60 seconds for rate limits, however often they return", async () => {
  const reset = (seconds: number) =>
    answer(429, { ...DATE, "X-Rate-Limit-Reset": String(SERVER_SECONDS + seconds) });
  for (const limited of [reset(20), reset(1)]) {
    const { send, sent, clock } = world([limited]);
    assert.equal((await send()).status, 429);
    assert.ok(clock.time - START <= 60_000, `${clock.time - START}`);
    assert.ok(sent.length >= 2);
  }
});

Deno.test("sendWithRetry() calls onTrouble once, within a second", async () => {
  const { send, troubles } = world([failure("refused")]);
  await assert.rejects(send(), NetworkError);
  assert.equal(troubles.length, 1);
  assert.ok(troubles[0]![0] <= 1_000, String(troubles[0]));
  const quick = world([failure("refused"), answer(200)]);
  await quick.send();
  assert.deepEqual(quick.troubles, []);
});

Deno.test("sendWithRetry() returns at once if a rate limit ends later than it would wait", async () => {
  for (
    const headers of [{ "X-Rate-Limit-Reset": String(SERVER_SECONDS + 62) }, {
      "Retry-After": "3600",
    }]
  ) {
    const { send, sent, clock } = world([answer(429, { ...DATE, ...headers })]);
    assert.equal((await send()).status, 429);
    assert.deepEqual([sent.length, clock.time], [1, START]);
  }
});

Deno.test("sendWithRetry() backs off, within 15 seconds, when a 429 has no usable reset", async () => {
  for (
    const headers of [
      {},
      { "Retry-After": "0" },
      { ...DATE, "Retry-After": DATE.Date },
      {
        ...DATE,
        "X-Rate-Limit-Reset": String(SERVER_SECONDS + 50),
        "X-Rate-Limit-Remaining": "3",
      },
    ]
  ) {
    const { send, sent, clock } = world([answer(429, headers)]);
    assert.equal((await send()).status, 429);
    assert.equal(sent.length, 5);
    assert.ok(clock.time - START <= 15_000);
  }
});

Deno.test("sendWithRetry() returns a factor's 429 at once", async () => {
  for (const errorCode of ["E0000109", "E0000118", "E0000133", "E0000146"]) {
    const { send, sent } = world([
      answer(429, { "Retry-After": "30" }, JSON.stringify({ errorCode })),
    ]);
    assert.equal((await send({ idempotent: true })).status, 429);
    assert.equal(sent.length, 1);
  }
});

Deno.test("sendWithRetry() honours Retry-After of a 503 if there is time", async () => {
  const { send, clock } = world([answer(503, { "Retry-After": "6" }), answer(200)]);
  assert.equal((await send({ idempotent: true })).status, 200);
  assert.deepEqual(clock.slept, [6000]);
  const long = world([answer(503, { "Retry-After": "600" }), answer(200)]);
  assert.equal((await long.send({ idempotent: true })).status, 503);
  assert.deepEqual(long.clock.slept, []);
});

Deno.test("sendWithRetry() backs off when isThrottled says so", async () => {
  const { send, sent } = world([answer(400, {}, "slow down"), answer(200)]);
  const response = await send({ isThrottled: ({ body }) => body === "slow down" });
  assert.equal(response.status, 200);
  assert.equal(sent.length, 2);
});

Deno.test("sendWithRetry() ends a wait when its signal is aborted", async () => {
  const { send, sent } = world([answer(429, { "Retry-After": "30" })]);
  const reason = new Error("interrupted");
  await assert.rejects(send({ signal: AbortSignal.abort(reason) }), reason);
  assert.equal(sent.length, 1);
});

Deno.test("sendWithRetry() retries a 429 of a password at most mostRetries times, within 15 seconds", async () => {
  const reset = (seconds: number) =>
    answer(429, { ...DATE, "X-Rate-Limit-Reset": String(SERVER_SECONDS + seconds) });
  for (const [limited, most] of [[reset(1), 3], [reset(20), 1], [answer(429), 3]] as const) {
    const { send, sent, clock } = world([limited]);
    assert.equal((await send({ mostRetries: 2 })).status, 429);
    assert.equal(sent.length, most);
    assert.ok(clock.time - START <= 15_000);
  }
});
