import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/command_table.ts";
import { formatCommandHelp, formatHelp } from "../../src/cli/help.ts";
import { fitTable, wrapText } from "../../src/cli/output.ts";

Deno.test("help: fits 80 columns", () => {
  const pages = [formatHelp(), ...COMMANDS.map(formatCommandHelp)];
  const wide = pages.flatMap((page) => page.split("\n")).filter((line) => [...line].length > 80);
  assert.deepEqual(wide, []);
});

Deno.test("wrapText() breaks at spaces and not in words", () => {
  assert.deepEqual(wrapText("", 5), [""]);
  assert.deepEqual(wrapText("a bc def", 4), ["a bc", "def"]);
  assert.deepEqual(wrapText("a longest b", 3), ["a", "longest", "b"]);
});

Deno.test("fitTable() drops a column only on a terminal that is too narrow", () => {
  const table = (columns: number, answerIsTerminal: boolean) =>
    fitTable({ columns, answerIsTerminal }, {
      heads: ["A", "B", "C"],
      rows: [["aaa", "bbb", "ccc"]],
      optionalColumn: 1,
    });
  const whole = "A    B    C\naaa  bbb  ccc\n";
  assert.equal(table(13, true), whole);
  assert.equal(table(12, true), "A    C\naaa  ccc\n");
  assert.equal(table(12, false), whole);
});
