import { ok, rejects, strictEqual } from "node:assert/strict";
import { systemClock } from "../../src/platform/clock.ts";

Deno.test("sleep() ends at once, with the signal's reason, when it is aborted", async () => {
  const controller = new AbortController();
  const slept = systemClock().sleep(60_000, controller.signal);
  controller.abort(new RangeError("enough"));
  await rejects(slept, RangeError);
});

Deno.test("sleep() does not begin when the signal was aborted before", async () => {
  await rejects(systemClock().sleep(60_000, AbortSignal.abort(new RangeError("no"))), RangeError);
});

Deno.test("sleep() resolves and lets go of the signal", async () => {
  const controller = new AbortController();
  strictEqual(await systemClock().sleep(0, controller.signal), undefined);
  controller.abort();
});

Deno.test("now() is the wall clock", () => {
  ok(Math.abs(systemClock().now() - Date.now()) < 10_000);
});
