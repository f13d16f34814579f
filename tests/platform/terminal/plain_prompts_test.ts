import { strictEqual } from "node:assert/strict";
import { editLine, parseChoice } from "../../../src/platform/terminal/plain_prompts.ts";
import { parseYesNo } from "../../../src/platform/terminal/prompt_parts.ts";

Deno.test("editLine() adds characters and handles backspace and Ctrl-U", () => {
  strictEqual(editLine("a", "b🔑\x7f"), "ab");
  strictEqual(editLine("abc", "\x15x"), "x");
  strictEqual(editLine("", "\x7f\b"), "");
});

Deno.test("editLine() ignores arrow keys and other control keys", () => {
  strictEqual(editLine("a", "\x1b[A\x1bOB\x1b[3~\x01b"), "ab");
});

Deno.test("parseYesNo() accepts yes, no and an empty answer only", () => {
  strictEqual(parseYesNo(" Y ", false), true);
  strictEqual(parseYesNo("no", true), false);
  strictEqual(parseYesNo("", true), true);
  strictEqual(parseYesNo("", false), false);
  strictEqual(parseYesNo("maybe", true), undefined);
});

Deno.test("parseChoice() accepts a number, or words that only one entry contains", () => {
  const names = ["dev/Admin", "dev/ReadOnly", "prod/Admin"];
  strictEqual(parseChoice(names, "3"), 2);
  strictEqual(parseChoice(names, "prod"), 2);
  strictEqual(parseChoice(names, "admin"), undefined);
  strictEqual(parseChoice(names, "4"), undefined);
  strictEqual(parseChoice(names, "0"), undefined);
  strictEqual(parseChoice(names, " "), undefined);
});
