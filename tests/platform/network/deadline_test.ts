import assert from "node:assert/strict";
import { Deadline } from "../../../src/platform/network/deadline.ts";

/** Timers of no time that were set before have run then. */
const turn = () => new Promise((done) => setTimeout(done, 0));

Deno.test("Deadline ends after its time, which pauses during work", async () => {
  let over = false;
  const deadline = new Deadline(0, () => over = true);
  const work = Promise.withResolvers<void>();
  const during = deadline.during(work.promise);
  await turn();
  assert.equal(over, false);
  work.resolve();
  await during;
  await turn();
  assert.equal(over, true);
});

Deno.test("Deadline does not end after stop(), even while work is pending", async () => {
  const deadline = new Deadline(60_000, () => assert.fail("it was stopped"));
  const work = Promise.withResolvers<void>();
  const during = deadline.during(work.promise);
  deadline.stop();
  work.resolve();
  await during;
});
