import assert from "node:assert/strict";
import { AwsError, NetworkError, SignInError } from "../../src/errors.ts";
import { watch } from "../../src/profiles/watch.ts";

/** A clock that jumps to where it is told to wait for. */
function jumpingClock() {
  let now = 0;
  return {
    now: () => now,
    sleep(milliseconds: number) {
      now += milliseconds;
      return Promise.resolve();
    },
  };
}

/** Runs `watch` with what each renewal gives; tells when each began. */
async function timesOf(renewals: (number | undefined | Error)[]): Promise<{
  began: number[];
  told: [number, string | undefined][];
}> {
  const clock = jumpingClock();
  const began: number[] = [];
  const told: [number, string | undefined][] = [];
  await watch({
    clock,
    renew() {
      began.push(clock.now());
      const next = renewals.shift();
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    onNext: (at, failure) => told.push([at, failure?.code]),
  });
  return { began, told };
}

Deno.test("watch() renews a second after the first credentials have become stale", async () => {
  const { began, told } = await timesOf([100_000, 200_000, undefined]);
  assert.deepEqual(began, [0, 101_000, 201_000]);
  assert.deepEqual(told, [[100_000, undefined], [200_000, undefined]]);
});

Deno.test("watch() asks again, later each time, when a server can't be reached", async () => {
  const down = () => new NetworkError("down", { code: "dns" });
  const busy = new AwsError("busy", { code: "Throttling" });
  const { began, told } = await timesOf([1000, down(), busy, down(), 500_000, undefined]);
  assert.deepEqual(began, [0, 2000, 32_000, 92_000, 212_000, 501_000]);
  assert.deepEqual(told.map(([, code]) => code), [
    undefined,
    "dns",
    "Throttling",
    "dns",
    undefined,
  ]);
});

Deno.test("watch() retries no more than every ten minutes", async () => {
  const downs = Array.from({ length: 12 }, () => new NetworkError("down", { code: "dns" }));
  const { began } = await timesOf([1000, ...downs, undefined]);
  assert.equal(began.at(-1)! - began.at(-2)!, 600_000);
});

Deno.test("watch() ends where a person has to do something, and at the first failure", async () => {
  await assert.rejects(timesOf([1000, new SignInError("no", { code: "E0000004" })]), SignInError);
  await assert.rejects(timesOf([new NetworkError("down", { code: "dns" })]), NetworkError);
});
