import assert from "node:assert/strict";
import { formatTimestamp, parseTimestamp } from "../../src/aws/timestamp.ts";

Deno.test("parseTimestamp() reads RFC 3339 with any offset", () => {
  const expected = Date.UTC(2024, 0, 1, 1);
  for (
    const text of [
      "2024-01-01T01:00:00Z",
      "2024-01-01t01:00:00z",
      "2024-01-01T01:00:00.000Z",
      "2024-01-01T01:00:00.000000000Z",
      "2024-01-01T01:00:00+00:00",
      "2024-01-01T03:30:00+02:30",
      "2023-12-31T20:00:00-05:00",
    ]
  ) assert.equal(parseTimestamp(text)?.getTime(), expected, text);
});

Deno.test("parseTimestamp() refuses what only Date.parse would take", () => {
  for (
    const text of [
      "",
      "2024-01-01",
      "2024-01-01T01:00:00",
      "2024-01-01 01:00:00Z",
      "2024-02-30T01:00:00Z",
      "2023-02-29T01:00:00Z",
      "2024-13-01T01:00:00Z",
      "2024-01-01T25:00:00Z",
      "2024-01-01T01:61:00Z",
      "2024-01-01T01:00:00+0000",
      "Mon, 01 Jan 2024 01:00:00 GMT",
      "1704070800",
      " 2024-01-01T01:00:00Z",
    ]
  ) assert.equal(parseTimestamp(text), undefined, text);
});

Deno.test("formatTimestamp() writes whole seconds in UTC, rounded down", () => {
  const time = new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 999));
  assert.equal(formatTimestamp(time), "2024-02-29T23:59:59Z");
  assert.equal(formatTimestamp(new Date(0)), "1970-01-01T00:00:00Z");
});
