import assert from "node:assert/strict";
import { wrapLines, wrapText } from "../src/wrap_text.ts";

Deno.test("wrapText() breaks at spaces and not in words", () => {
  assert.deepEqual(wrapText("", 5), [""]);
  assert.deepEqual(wrapText("a bc def", 4), ["a bc", "def"]);
  assert.deepEqual(wrapText("a longest b", 3), ["a", "longest", "b"]);
});

Deno.test("wrapLines() keeps lines that fit, indentation and colours", () => {
  assert.equal(wrapLines("a bc\n\n  b cd ef\n", 6), "a bc\n\n  b cd\n  ef\n");
  const bold = "\x1b[1mab\x1b[22m \x1b[2mcd\x1b[22m";
  assert.equal(wrapLines(bold, 5), bold);
  assert.equal(wrapLines(bold, 4), bold.replace(" ", "\n"));
});
