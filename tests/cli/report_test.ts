import assert from "node:assert/strict";
import { COMMANDS } from "../../src/cli/command_table.ts";
import {
  formatCommandHelp,
  formatFlagsHelp,
  formatHelp,
  formatShortHelp,
} from "../../src/cli/help.ts";
import { wrapNotice } from "../../src/cli/output.ts";
import { formatTable } from "../../src/cli/table.ts";

Deno.test("help: fits 80 columns", () => {
  const pages = [
    formatShortHelp(),
    formatFlagsHelp(),
    formatHelp(),
    ...COMMANDS.map(formatCommandHelp),
  ];
  const wide = pages.flatMap((page) => page.split("\n")).filter((line) => [...line].length > 80);
  assert.deepEqual(wide, []);
});

Deno.test("help: groups the commands on one screen", () => {
  const lines = formatShortHelp().trimEnd().split("\n");
  assert.ok(lines.length < 24, `${lines.length} lines`);
  const groups = lines.map((line) => /^[A-Z]\w+(?= {2})/.exec(line)?.[0]).filter((one) => one);
  assert.deepEqual(groups, ["Start", "Daily", "Kubernetes", "Manage"]);
});

const PLAIN = { bold: (text: string) => text };

Deno.test("formatTable() drops optional columns, then wraps the last, only on a narrow terminal", () => {
  const table = (columns: number) =>
    formatTable({ columns, ...PLAIN }, {
      heads: ["A", "B", "C"],
      rows: [["aaa", "bbb", "some words to wrap"]],
      optional: [1],
    });
  const whole = "A    B    C\naaa  bbb  some words to wrap\n";
  assert.equal(table(28), whole);
  assert.equal(table(Infinity), whole);
  assert.equal(table(23), "A    C\naaa  some words to wrap\n");
  assert.equal(table(18), "A    C\naaa  some words to\n     wrap\n");
});

Deno.test("formatTable() aligns wide characters and ignores colours", () => {
  const rows = [["世界", "x"], ["\x1b[32mab\x1b[39m", "y"]];
  assert.equal(
    formatTable({ columns: 80, ...PLAIN }, { heads: ["N", "V"], rows }),
    "N     V\n世界  x\n\x1b[32mab\x1b[39m    y\n",
  );
});

Deno.test("wrapNotice() wraps at words on a terminal only, and indents the hint", () => {
  const shown = (noticeIsTerminal: boolean) =>
    wrapNotice(
      { noticeIsTerminal, columns: 20 },
      "okta-aws: no such role here",
      "run: okta-aws roles now",
    );
  assert.equal(shown(true), "okta-aws: no such\nrole here\n  run: okta-aws\n  roles now\n");
  assert.equal(shown(false), "okta-aws: no such role here\n  run: okta-aws roles now\n");
});
