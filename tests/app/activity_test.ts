import assert from "node:assert/strict";
import { drawnActivity, formatProgress } from "../../src/app/activity.ts";

/** An activity on a clock of its own; timers never fire in a test, so frames come with progress. */
function start(columns = 80) {
  const lines: string[] = [];
  let now = 1000;
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const activity = drawnActivity({ status: (text) => lines.push(text), columns }, clock);
  return { lines, activity, wait: (milliseconds: number) => now += milliseconds };
}

Deno.test("progress() shows nothing before 300 ms, then a frame, words and seconds", () => {
  const { lines, activity, wait } = start();
  activity.progress("Refreshing 1/3");
  wait(299);
  activity.progress("Refreshing 2/3");
  assert.deepEqual(lines, []);
  wait(1);
  activity.progress("Refreshing 3/3");
  wait(2700);
  activity.progress("Refreshing 4/4");
  activity.progress("");
  assert.deepEqual(lines, ["⠋ Refreshing 3/3", "⠙ Refreshing 4/4  3 s", ""]);
});

Deno.test("progress() fits the terminal", () => {
  const { lines, activity, wait } = start(10);
  activity.progress("a long line");
  wait(300);
  activity.progress("a long line");
  assert.deepEqual(lines, ["⠋ a long "]);
});

Deno.test("busy() draws nothing for short waits", () => {
  const { lines, activity } = start();
  activity.busy("Waiting for sts")();
  assert.deepEqual(lines, []);
});

Deno.test("formatProgress() draws a bar", () => {
  assert.equal(formatProgress("Refreshing", 0, 4), "Refreshing ░░░░░░░░░░░░░░░░  0/4");
  assert.equal(formatProgress("Refreshing", 1, 4), "Refreshing ████░░░░░░░░░░░░  1/4");
  assert.equal(formatProgress("Refreshing", 4, 4), "Refreshing ████████████████  4/4");
});
