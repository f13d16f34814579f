import { type IniProperty, parseIni } from "../ini/document.ts";
import { sectionsByName } from "../ini/edit.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Finding, Level } from "./finding.ts";

function repeatedKeys(properties: readonly IniProperty[]): string[] {
  const keys = properties.filter(({ separator }) => separator === "=").map(({ key }) => key);
  return [...new Set(keys.filter((key, index) => keys.indexOf(key) < index))];
}

/** An INI file and what duplicates in it mean. */
export interface IniToCheck {
  text: string;
  /** As shown to the user. */
  path: string;
  level: Level;
  /** What its readers do with duplicates, to follow a colon. */
  consequence: string;
}

/** Sections and keys that an INI file has more than once; one finding for each section. */
export function duplicateFindings({ text, path, level, consequence }: IniToCheck): Finding[] {
  return [...sectionsByName(parseIni(text))].flatMap(([name, sections]): Finding[] => {
    const section = `[${showUntrusted(name)}]`;
    const lines = sections.map(({ line }) => line).join(" and ");
    const keys = sections.flatMap(({ properties }) => repeatedKeys(properties)).map(showUntrusted);
    return [
      ...(sections.length < 2 ? [] : [{
        level,
        code: "duplicate_section",
        message: `${path} has ${section} more than once (lines ${lines})`,
        fix: `merge them into one: ${consequence}`,
      }]),
      ...(keys.length === 0 ? [] : [{
        level,
        code: "duplicate_key",
        message: `${path} has ${keys.join(", ")} more than once in ${section}`,
        fix: `delete all but one: ${consequence}`,
      }]),
    ];
  });
}
