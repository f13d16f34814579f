import { ok, rejects, strictEqual } from "node:assert/strict";
import { systemClock } from "../../src/platform/clock.ts";

Deno.test("sleep() rejects at once, with the signal's reason, when it is aborted", async () => {
  const controller = new AbortController();
  const slept = systemClock().sleep(60_000, controller.signal);
  controller.abort(new RangeError("enough"));
  await rejects(slept, RangeError);
});

Deno.test("sleep() does not start when the signal is already aborted", async () => {
  await rejects(systemClock().sleep(60_000, AbortSignal.abort(new RangeError("no"))), RangeError);
});

Deno.test("sleep() resolves and releases the signal", async () => {
  const controller = new AbortController();
  strictEqual(await systemClock().sleep(0, controller.signal), undefined);
  controller.abort();
});

Deno.test("now() returns the wall clock", () => {
  ok(Math.abs(systemClock().now() - Date.now()) < 10_000);
});
