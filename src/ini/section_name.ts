import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/**
 * Splits text into words as a POSIX shell does, quotes and backslashes taken off (Python's
 * `shlex.split`, which botocore reads section headers with).
 */
export function splitShellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote === "" && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      word ??= "";
    } else if (character === "\\" && quote !== "'") {
      const next = text[++i];
      if (next === undefined) return undefined;
      const kept = quote === '"' && next !== '"' && next !== "\\" ? "\\" : "";
      word = (word ?? "") + kept + next;
    } else word = (word ?? "") + character;
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}

/**
 * One spelling for all spellings of a section's name: kind, one space, the rest without its quotes.
 *
 * @param name What stands between the brackets, trimmed.
 * @returns For example `profile two  spaces` for `profile "two  spaces"`.
 */
export function canonicalSectionName(name: string): string {
  const space = name.search(/\s/);
  if (space < 0) return name;
  const rest = name.slice(space).trim();
  const words = /["'\\]/.test(rest) ? splitShellWords(rest) : undefined;
  return `${name.slice(0, space)} ${words?.length === 1 ? words[0] : rest}`;
}

/**
 * The header line for a new section, without its line end.
 *
 * @param name The section's name in its canonical spelling.
 * @returns `[name]`; what follows the kind is quoted where it has more than the characters that
 * every AWS SDK takes in a name.
 * @throws {SettingsError} `bad_section_name` for a name that no reader would give back: empty, with
 * `]`, `#`, `;`, control characters or white space around it, or with `"` or `\` where quotes are
 * needed.
 */
export function formatSectionHeader(name: string): string {
  const space = name.indexOf(" ");
  const rest = space < 0 ? "" : name.slice(space + 1);
  const quoted = rest !== "" && !/^[\w./%@:+-]+$/.test(rest);
  // deno-lint-ignore no-control-regex -- control characters are what this looks for
  const bad = name.trim() !== name || /[\]#;\u0000-\u001f\u007f]/.test(name) || name === "" ||
    !name.isWellFormed() || (quoted && (/["\\]/.test(rest) || rest.trim() !== rest));
  if (bad) {
    throw new SettingsError(`"${showUntrusted(name)}" can't be the name of a section`, {
      code: "bad_section_name",
      hint: "choose a name of letters, digits and . _ - / @ : + %",
    });
  }
  return quoted ? `[${name.slice(0, space)} "${rest}"]` : `[${name}]`;
}
