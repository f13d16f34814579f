import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/**
 * Splits text into words like a POSIX shell, without quotes and backslashes (Python's
 * `shlex.split`, with which botocore reads section headers). `undefined` if a quote is not closed.
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
 * The canonical form of a section name: kind, one space, the rest without quotes, such as `profile
 * two  spaces` for `profile "two  spaces"`.
 */
export function canonicalSectionName(name: string): string {
  const space = name.search(/\s/);
  if (space < 0) return name;
  const rest = name.slice(space).trim();
  const words = /["'\\]/.test(rest) ? splitShellWords(rest) : undefined;
  return `${name.slice(0, space)} ${words?.length === 1 ? words[0] : rest}`;
}

/**
 * The header line of a new section, without line end. The part after the kind is quoted if it has
 * characters that some AWS SDK does not accept unquoted.
 *
 * @throws {SettingsError} `bad_section_name` for a name that cannot be read back: empty, with `]`,
 * `#`, `;`, control characters or surrounding white space, or with `"` or `\` where quotes are
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
    throw new SettingsError(`"${showUntrusted(name)}" is not a valid section name`, {
      code: "bad_section_name",
      hint: "use letters, digits and . _ - / @ : + %",
    });
  }
  return quoted ? `[${name.slice(0, space)} "${rest}"]` : `[${name}]`;
}
