/**
 * Makes text from others safe to print: Okta's and AWS's messages, names and labels, lines of files,
 * output of plugins.
 *
 * @module
 */

/** The most characters of untrusted text shown in one place. */
export const SHOWN_CHARACTERS = 300;

/**
 * Controls (C0, DEL, C1), format characters (zero-width and bidirectional marks, the "Trojan Source"
 * set of CVE-2021-42574, tags), line and paragraph separators, and lone surrogates.
 */
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

function visible(character: string): string {
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  const hex = character.codePointAt(0)!.toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return String(value);
  }
}

/** User name, password or token in a URL, which people paste with it. */
const LOGIN = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^\s\/?#@]{1,512}@/gi;

/**
 * Untrusted text as one harmless line, cut to {@linkcode SHOWN_CHARACTERS}: control, escape and bidi
 * characters are made visible, so that it can't move the cursor, change colours, reorder or add lines.
 * A password in a URL is replaced.
 * Anything but a string is shown as JSON.
 */
export function showUntrusted(text: unknown): string {
  // A character is at most two UTF-16 units, so nothing is cut off here that would be shown.
  const line = asText(text).trim().slice(0, SHOWN_CHARACTERS * 2 + 2);
  const shown = [...line.replace(LOGIN, "$1[secret]@").replace(UNSHOWABLE, visible)];
  if (shown.length <= SHOWN_CHARACTERS) return shown.join("");
  return shown.slice(0, SHOWN_CHARACTERS - 1).join("") + "…";
}
