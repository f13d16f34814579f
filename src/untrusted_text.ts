/**
 * The one function that everything written by somebody else passes before a person sees it: Okta's
 * and AWS's messages, names and labels, lines of files, output of plugins.
 *
 * @module
 */

/** The most characters of foreign text that are shown in one place. */
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

/**
 * Foreign text as one harmless line: controls, escapes and bidi marks made visible, cut to
 * {@linkcode SHOWN_CHARACTERS}.
 *
 * @param text What somebody else wrote; anything that is not a string is shown as its JSON.
 * @returns Text that can't move the cursor, change colours, reorder or add a line.
 */
export function showUntrusted(text: unknown): string {
  // A character takes at most two units: what is cut off here would not be shown in any case.
  const line = asText(text).trim().slice(0, SHOWN_CHARACTERS * 2 + 2);
  const shown = [...line.replace(UNSHOWABLE, visible)];
  if (shown.length <= SHOWN_CHARACTERS) return shown.join("");
  return shown.slice(0, SHOWN_CHARACTERS - 1).join("") + "…";
}
