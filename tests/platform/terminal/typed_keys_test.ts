import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { takePiece } from "../../../src/platform/terminal/typed_keys.ts";

function pieces(typed: string): [kind: string, text: string][] {
  const all: [string, string][] = [];
  for (let rest = typed; rest !== "";) {
    const piece = takePiece(rest);
    all.push([piece.kind, piece.text]);
    if (piece.kind === "more") break;
    rest = piece.rest;
  }
  return all;
}

Deno.test("takePiece() ends a piece at each Enter, so that the rest is the next question's", () => {
  deepStrictEqual(pieces("ab\rc\nd\r\ne"), [
    ["keys", "ab"],
    ["enter", "\r"],
    ["keys", "c"],
    ["enter", "\n"],
    ["keys", "d"],
    ["enter", "\r"],
    ["keys", "e"],
  ]);
});

Deno.test("takePiece() tells Ctrl-C, Ctrl-D and Ctrl-Z", () => {
  deepStrictEqual(pieces("a\x03\x04\x1a").map(([kind]) => kind), [
    "keys",
    "enter",
    "end_of_file",
    "suspend",
  ]);
});

Deno.test("takePiece() returns pasted text as characters, never as Enter or an escape", () => {
  deepStrictEqual(pieces("x\x1b[200~pass\x1b[31m word\r\n\x03\x1b[201~y"), [
    ["keys", "x"],
    ["keys", "pass[31m word"],
    ["keys", "y"],
  ]);
});

Deno.test("takePiece() waits for the rest of a paste and of its mark", () => {
  deepStrictEqual(pieces("\x1b[200~half"), [["more", ""]]);
  deepStrictEqual(pieces("a\x1b[20"), [["keys", "a"], ["more", ""]]);
  strictEqual(takePiece("a\x1b[20").rest, "\x1b[20");
});

Deno.test("takePiece() returns other keys unchanged", () => {
  deepStrictEqual(pieces("\x1b[Aé世\x7f\x1b"), [["keys", "\x1b[Aé世\x7f\x1b"]]);
});
