import assert from "node:assert/strict";
import { formatSpan, formatTimeLeft } from "../../src/app/time_left.ts";

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];

Deno.test("formatSpan() has at most two units and rounds down", () => {
  assert.equal(formatSpan(59.9 * SECOND), "59s");
  assert.equal(formatSpan(59.9 * MINUTE), "59m");
  assert.equal(formatSpan(HOUR), "1h");
  assert.equal(formatSpan(HOUR + 48 * MINUTE + 59 * SECOND), "1h 48m");
  assert.equal(formatSpan(51 * HOUR), "2d 3h");
});

Deno.test("formatTimeLeft() says nothing is left with a dash", () => {
  assert.equal(formatTimeLeft(41 * MINUTE), "41m left");
  assert.equal(formatTimeLeft(0), "–");
  assert.equal(formatTimeLeft(-5), "–");
});
