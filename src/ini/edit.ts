/**
 * Edits of INI text that keep every byte they are not about: comments, order, blank lines, line
 * ends, a byte order mark, other people's sections however broken.
 *
 * Both kinds of readers must find our values afterwards. The AWS SDKs merge sections and keys that
 * stand twice, the last one wins; botocore refuses such a file. So a key that is set is written in
 * the first section of the name and taken out everywhere else, and of a later section of that name
 * in which no key remains only the comments stay.
 *
 * @module
 */

import { Fault } from "../errors.ts";
import { type IniDocument, type IniProperty, type IniSection, parseIni } from "./document.ts";
import { canonicalSectionName, formatSectionHeader } from "./section_name.ts";
import {
  dropSection,
  dropSectionButComments,
  replaceProperty,
  unindentNext,
} from "./section_splices.ts";
import { applySplices, type Splice } from "./splice.ts";
import { checkSetting, formatSetting, type IniSetting } from "./values.ts";

export type IniEdit =
  | {
    /** Sets and removes keys; makes the section where there is none and `set` has keys. */
    kind: "set";
    /** The section's name without brackets: `okta-dev-admin`, `profile dev`. */
    section: string;
    /** Keys with their values, in the order in which missing ones are added. */
    set: readonly IniSetting[];
    unset?: readonly string[];
  }
  | {
    /** Takes the section out, and all others of its name. */
    kind: "remove";
    section: string;
  };

/** Many sections are asked for in turn, in files of thousands. */
const INDEX = new WeakMap<IniDocument, Map<string, IniSection[]>>();

/**
 * The sections of a document by canonical name, each in the file's order; indexed once a document.
 *
 * @returns Name (see `canonicalSectionName`) to sections; more than one where it stands twice.
 */
export function sectionsByName(document: IniDocument): ReadonlyMap<string, IniSection[]> {
  const indexed = INDEX.get(document);
  if (indexed !== undefined) return indexed;
  const byName = new Map<string, IniSection[]>();
  INDEX.set(document, byName);
  for (const section of document.sections) {
    if (section.name === "") continue;
    const name = canonicalSectionName(section.name);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [section]);
    else known.push(section);
  }
  return byName;
}

/**
 * The key by which a line is ours: botocore ends it at the first `:` or `=`, the SDKs at `=`.
 *
 * @returns The key in lower case, empty for a line that has none.
 */
export function editKey(property: IniProperty): string {
  const colon = property.key.indexOf(":");
  return colon < 0 ? property.key : property.key.slice(0, colon).trimEnd();
}

function setInFirst(
  document: IniDocument,
  section: IniSection,
  wanted: ReadonlyMap<string, IniSetting | undefined>,
): Splice[] {
  const missing = new Map(wanted);
  const splices: Splice[] = [];
  for (const property of section.properties) {
    const key = editKey(property);
    if (!wanted.has(key)) continue;
    splices.push(replaceProperty(document, property, missing.get(key)));
    missing.delete(key);
  }
  // Less indented than the line before, it would take what is indented below as a continuation.
  const indent = " ".repeat(section.properties.at(-1)?.indent ?? 0);
  const added = [...missing.values()].filter((setting) => setting !== undefined)
    .map((setting) => formatSetting(setting, indent, document.lineEnd)).join("");
  const at = section.bodyEnd;
  if (added === "") return splices;
  return [
    ...splices,
    { start: at, end: at, text: added, freshLine: true },
    unindentNext(document, section),
  ];
}

function unsetInLater(
  document: IniDocument,
  section: IniSection,
  wanted: ReadonlyMap<string, unknown>,
): Splice[] {
  const ours = section.properties.filter((property) => wanted.has(editKey(property)));
  if (ours.length < section.properties.length) {
    return ours.map((property) => replaceProperty(document, property, undefined));
  }
  return dropSectionButComments(document, section);
}

function newSection(name: string, set: Iterable<IniSetting>, lineEnd: string): string {
  const lines = Array.from(set, (setting) => formatSetting(setting, "", lineEnd));
  return `${formatSectionHeader(name)}${lineEnd}${lines.join("")}`;
}

function appendSections(text: string, sections: readonly string[], lineEnd: string): string {
  if (sections.length === 0) return text;
  const parts = [text];
  const empty = text === "" || text === "\ufeff";
  if (!empty && !text.endsWith("\n")) parts.push(lineEnd);
  if (!empty && !/(?:^\ufeff?|\n)\r?\n$/.test(text.slice(-4))) parts.push(lineEnd);
  parts.push(sections.join(lineEnd));
  return parts.join("");
}

function wantedKeys(edit: IniEdit & { kind: "set" }): Map<string, IniSetting | undefined> {
  edit.set.forEach(checkSetting);
  const wanted = new Map<string, IniSetting | undefined>();
  for (const key of edit.unset ?? []) wanted.set(key.toLowerCase(), undefined);
  for (const setting of edit.set) wanted.set(setting[0].toLowerCase(), setting);
  return wanted;
}

/**
 * Makes edits in a parsed text. An edit that asks for what is already there changes nothing.
 *
 * A key that is there is replaced in its place, a missing one is added behind the section's last
 * property; a new section goes to the end, after a blank line. Removing a section takes the blank
 * lines behind it along, and at the end of the file the one in front of it, but no comment that
 * stands in front of its header or behind its last property.
 *
 * @throws {SettingsError} `bad_value`, `bad_key`, `bad_section_name`; nothing is changed then.
 */
export function editIni(document: IniDocument, edits: readonly IniEdit[]): string {
  const byName = sectionsByName(document);
  const splices: Splice[] = [];
  const added: string[] = [];
  const seen = new Set<string>();
  for (const edit of edits) {
    const name = canonicalSectionName(edit.section);
    if (seen.has(name)) throw new Fault("two edits of one section at once");
    seen.add(name);
    const [first, ...later] = byName.get(name) ?? [];
    if (edit.kind === "remove") {
      if (first) {
        splices.push(...[first, ...later].flatMap((section) => dropSection(document, section)));
      }
      continue;
    }
    const wanted = wantedKeys(edit);
    const set = [...wanted.values()].filter((setting) => setting !== undefined);
    if (first) splices.push(...setInFirst(document, first, wanted));
    else if (set.length > 0) added.push(newSection(name, set, document.lineEnd));
    for (const section of later) splices.push(...unsetInLater(document, section, wanted));
  }
  const text = applySplices(document.text, splices, document.lineEnd);
  return appendSections(text, added, document.lineEnd);
}

/**
 * Sets keys of one section; see {@linkcode editIni}.
 *
 * @throws {SettingsError} As {@linkcode editIni}.
 */
export function setSection(
  text: string,
  section: string,
  set: readonly IniSetting[],
  unset: readonly string[] = [],
): string {
  return editIni(parseIni(text), [{ kind: "set", section, set, unset }]);
}

/** Takes a section out, and all others of its name; see {@linkcode editIni}. */
export function removeSection(text: string, section: string): string {
  return editIni(parseIni(text), [{ kind: "remove", section }]);
}
