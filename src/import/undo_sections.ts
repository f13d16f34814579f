/** Undoing an import in a file that was changed since: section by section. */

import { parseIni } from "../ini/document.ts";
import { canonicalSectionName } from "../ini/section_name.ts";

interface Part {
  start: number;
  end: number;
  /** Without the white space after it, which depends on what follows. */
  text: string;
}

/** Sections by name; `undefined` for a name that appears twice. */
function partsOf(text: string): Map<string, Part | undefined> {
  const parts = new Map<string, Part | undefined>();
  for (const { name, start, end } of parseIni(text).sections) {
    if (name === "") continue;
    const key = canonicalSectionName(name);
    const part = { start, end, text: text.slice(start, end).trimEnd() };
    parts.set(key, parts.has(key) ? undefined : part);
  }
  return parts;
}

/**
 * Puts the sections that an import changed back to what they were, where they are still as the import
 * left them.
 *
 * @returns The new text, and the names of the sections that were changed since.
 */
export function undoSections(
  before: string,
  imported: string,
  now: string,
): { text: string; changed: string[] } {
  const [old, mine, current] = [partsOf(before), partsOf(imported), partsOf(now)];
  const changed: string[] = [];
  const splices: { start: number; end: number; text: string }[] = [];
  const returning: string[] = [];
  for (const name of new Set([...old.keys(), ...mine.keys()])) {
    const [was, left, is] = [old.get(name), mine.get(name), current.get(name)];
    if (old.has(name) === mine.has(name) && was?.text === left?.text && was !== undefined) continue;
    if (is?.text === was?.text && current.has(name) === old.has(name)) continue;
    const isTwice = [old, mine, current].some((one) =>
      one.has(name) && one.get(name) === undefined
    );
    if (isTwice || current.has(name) !== mine.has(name) || is?.text !== left?.text) {
      changed.push(name);
    } else if (is === undefined) returning.push(was!.text);
    else if (was === undefined) splices.push({ start: is.start, end: is.end, text: "" });
    else splices.push({ start: is.start, end: is.start + is.text.length, text: was.text });
  }
  let text = now;
  for (const { start, end, text: other } of splices.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, start) + other + text.slice(end);
  }
  const lineEnd = parseIni(now).lineEnd;
  for (const section of returning) {
    const gap = text === "" ? "" : text.endsWith("\n") ? lineEnd : lineEnd + lineEnd;
    text += `${gap}${section}${lineEnd}`;
  }
  return { text, changed };
}
