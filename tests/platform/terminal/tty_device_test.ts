import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { placeFromPs, placeFromStat } from "../../../src/platform/terminal/tty_device.ts";

Deno.test("placeFromStat() compares our process group with the terminal's", () => {
  const stat = (group: number, foreground: number): string =>
    `4242 (a) b (c) S 1 ${group} 4000 34817 ${foreground} 4194304 120 0\n`;
  deepStrictEqual(placeFromStat(stat(4242, 4242)), { foreground: true, name: "tty-34817" });
  deepStrictEqual(placeFromStat(stat(4242, 99)), { foreground: false, name: "tty-34817" });
});

Deno.test("placeFromStat() returns undefined without a terminal", () => {
  strictEqual(placeFromStat("1 (x) S 0 1 1 0 -1 4194304"), undefined);
});

Deno.test("placeFromPs() parses the output of macOS", () => {
  deepStrictEqual(placeFromPs("  501   501 ttys003 \n"), { foreground: true, name: "tty-ttys003" });
  deepStrictEqual(placeFromPs("501 77 ttys003"), { foreground: false, name: "tty-ttys003" });
  strictEqual(placeFromPs("501 0 ??"), undefined);
  strictEqual(placeFromPs(""), undefined);
});
