import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  entriesInView,
  fitName,
  matchingEntries,
  moveMark,
} from "../../../src/platform/terminal/prompt_parts.ts";

const names = ["dev/Admin", "dev/ReadOnly", "prod/Admin"];

Deno.test("matchingEntries() returns the entries that contain every word, in any case and order", () => {
  deepStrictEqual(matchingEntries(names, ""), [0, 1, 2]);
  deepStrictEqual(matchingEntries(names, "ADMIN"), [0, 2]);
  deepStrictEqual(matchingEntries(names, "admin prod "), [2]);
  deepStrictEqual(matchingEntries(names, "none"), []);
});

Deno.test("moveMark() wraps at both ends, and stays at 0 in an empty list", () => {
  strictEqual(moveMark(0, 1, 3), 1);
  strictEqual(moveMark(2, 1, 3), 0);
  strictEqual(moveMark(0, -1, 3), 2);
  strictEqual(moveMark(1, -12, 5), 4);
  strictEqual(moveMark(0, 1, 0), 0);
});

Deno.test("entriesInView() always contains the mark, and never more entries than fit", () => {
  for (let marked = 0; marked < 60; marked++) {
    const [start, end] = entriesInView(marked, 60, 12);
    strictEqual(end - start, 12);
    strictEqual(start <= marked && marked < end, true);
  }
  deepStrictEqual(entriesInView(0, 3, 12), [0, 3]);
  deepStrictEqual(entriesInView(0, 0, 12), [0, 0]);
});

Deno.test("fitName() cuts by characters, not inside one", () => {
  strictEqual(fitName("abc", 3), "abc");
  strictEqual(fitName("abcd", 3), "ab…");
  strictEqual(fitName("🔑🔑🔑🔑", 3), "🔑🔑…");
});
