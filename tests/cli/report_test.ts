import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { formatCommandHelp, formatHelp } from "../../src/cli/help.ts";
import { fitTable } from "../../src/cli/report.ts";
import { wrapText } from "../../src/cli/wrap_text.ts";

Deno.test("no line of the help is wider than 80 columns", () => {
  const pages = [formatHelp(), ...COMMANDS.map(formatCommandHelp)];
  const wide = pages.flatMap((page) => page.split("\n")).filter((line) => [...line].length > 80);
  assert.deepEqual(wide, []);
});

Deno.test("wrapText() breaks at blanks, and no word", () => {
  assert.deepEqual(wrapText("", 5), [""]);
  assert.deepEqual(wrapText("a bc def", 4), ["a bc", "def"]);
  assert.deepEqual(wrapText("a longest b", 3), ["a", "longest", "b"]);
});

Deno.test("fitTable() leaves a column out where a terminal is too narrow, and only there", () => {
  const table = (columns: number, answerIsTerminal: boolean) =>
    fitTable({ columns, answerIsTerminal }, ["A", "B", "C"], [["aaa", "bbb", "ccc"]], 1);
  const whole = "A    B    C\naaa  bbb  ccc\n";
  assert.equal(table(13, true), whole);
  assert.equal(table(12, true), "A    C\naaa  ccc\n");
  assert.equal(table(12, false), whole);
});
