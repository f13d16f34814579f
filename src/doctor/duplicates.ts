/**
 * `doctor`: sections and keys that stand twice in an INI file.
 *
 * @module
 */

import { type IniProperty, parseIni } from "../ini/document.ts";
import { sectionsByName } from "../ini/edit.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Finding, Level } from "./finding.ts";

function twice(properties: readonly IniProperty[]): string[] {
  const keys = properties.filter(({ separator }) => separator === "=").map(({ key }) => key);
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))];
}

/**
 * Finds them.
 *
 * @param text The file's text.
 * @param path Its name, as it is shown.
 * @param level How bad that is.
 * @param why What comes of it, behind a colon.
 * @returns A finding for each section.
 */
export function duplicateFindings(
  text: string,
  path: string,
  level: Level,
  why: string,
): Finding[] {
  return [...sectionsByName(parseIni(text))].flatMap(([name, sections]): Finding[] => {
    const section = `[${showUntrusted(name)}]`;
    const lines = sections.map(({ line }) => line).join(" and ");
    const keys = sections.flatMap(({ properties }) => twice(properties)).map(showUntrusted);
    return [
      ...(sections.length < 2 ? [] : [{
        level,
        code: "duplicate_section",
        message: `${path} has ${section} more than once (lines ${lines})`,
        mend: `put them together into one: ${why}`,
      }]),
      ...(keys.length === 0 ? [] : [{
        level,
        code: "duplicate_key",
        message: `${path} has ${keys.join(", ")} more than once in ${section}`,
        mend: `delete all but one: ${why}`,
      }]),
    ];
  });
}
