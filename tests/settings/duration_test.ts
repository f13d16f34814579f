import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../src/settings/duration.ts";

Deno.test("parseDuration() reads Go's durations and seconds", () => {
  const cases: [text: string, seconds: number][] = [
    ["1h0m0s", 3600],
    ["90m", 5400],
    ["1h30m", 5400],
    ["12h", 43_200],
    ["45s", 45],
    ["1.5h", 5400],
    ["0.5m", 30],
    [".5h", 1800],
    ["1.h", 3600],
    ["1500ms", 2],
    ["1h2ms", 3600],
    ["2000000us", 2],
    ["2000000µs", 2],
    ["2000000μs", 2],
    ["3000000000ns", 3],
    ["+1h", 3600],
    ["3600", 3600],
    ["0", 0],
    ["0s", 0],
    [" 1h ", 3600],
    ["1s1h", 3601],
  ];
  for (const [text, seconds] of cases) assert.equal(parseDuration(text), seconds, text);
});

Deno.test("parseDuration() returns undefined for other text", () => {
  for (
    const text of [
      "",
      " ",
      "h",
      "-1h",
      "1hour",
      "1 h",
      "1h 30m",
      "1d",
      "1h30",
      "abc",
      "1.2.3h",
      ".h",
      "1e3s",
      "0x10s",
      "1H",
      "１h",
      "max",
      "1h\n2m",
      "3600.5",
    ]
  ) {
    assert.equal(parseDuration(text), undefined, JSON.stringify(text));
  }
});

Deno.test("parseDuration() reads what Go's Duration.String() writes", () => {
  fc.assert(fc.property(fc.nat(1_000_000), (seconds) => {
    const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    assert.equal(parseDuration(`${h}h${m}m${s}s`), seconds);
  }));
});

Deno.test("formatDuration() writes hours and minutes", () => {
  const cases: [seconds: number, text: string][] = [
    [-5, "0s"],
    [0, "0s"],
    [20, "20s"],
    [59, "59s"],
    [60, "1m"],
    [2700, "45m"],
    [3599, "1h"],
    [3600, "1h"],
    [5400, "1h 30m"],
    [43_200, "12h"],
  ];
  for (const [seconds, text] of cases) assert.equal(formatDuration(seconds), text);
});
