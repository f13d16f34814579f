/**
 * Splits typed keys into pieces, so that a question gets the keys up to its answer, and the next one
 * those typed ahead.
 *
 * @module
 */

/** Turns on bracketed paste: the terminal then marks pasted text. */
export const PASTE_ON = "\x1b[?2004h";
export const PASTE_OFF = "\x1b[?2004l";

const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** The first piece of what was typed. */
export interface TypedPiece {
  /** `more`: no complete piece has come yet. */
  kind: "keys" | "enter" | "end_of_file" | "suspend" | "more";
  /** As the terminal sent it; pasted text without control characters. */
  text: string;
  /** What was typed after it. */
  rest: string;
}

/** Enter, Ctrl-C (interrupts, so nothing after it counts as an answer), Ctrl-D, Ctrl-Z. */
// deno-lint-ignore no-control-regex -- control characters are what this looks for
const BREAK = /[\r\n\x03\x04\x1a]|\x1b\[200~/;
// deno-lint-ignore no-control-regex -- control characters are what this looks for
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/g;

function pasted(typed: string): TypedPiece {
  const end = typed.indexOf(PASTE_END);
  if (end < 0) return { kind: "more", text: "", rest: typed };
  // A line end copied with a password must not answer the question.
  const text = typed.slice(PASTE_START.length, end).replaceAll(CONTROLS, "");
  return { kind: "keys", text, rest: typed.slice(end + PASTE_END.length) };
}

/** How many characters at the end may be the start of an incomplete paste mark. */
function unfinished(typed: string): number {
  for (let length = PASTE_START.length - 1; length >= 2; length--) {
    if (typed.endsWith(PASTE_START.slice(0, length))) return length;
  }
  return 0;
}

function special(key: string, rest: string): TypedPiece {
  if (key === "\x04") return { kind: "end_of_file", text: key, rest };
  if (key === "\x1a") return { kind: "suspend", text: key, rest };
  // CR LF, sent by a terminal in another mode, is one Enter.
  if (key === "\r" && rest.startsWith("\n")) {
    return { kind: "enter", text: key, rest: rest.slice(1) };
  }
  return { kind: "enter", text: key, rest };
}

export function takePiece(typed: string): TypedPiece {
  if (typed.startsWith(PASTE_START)) return pasted(typed);
  const at = typed.search(BREAK);
  if (at === 0) return special(typed[0]!, typed.slice(1));
  if (at > 0) return { kind: "keys", text: typed.slice(0, at), rest: typed.slice(at) };
  const whole = typed.length - unfinished(typed);
  if (whole === 0) return { kind: "more", text: "", rest: typed };
  return { kind: "keys", text: typed.slice(0, whole), rest: typed.slice(whole) };
}
