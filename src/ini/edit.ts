/**
 * Edits INI text and keeps all other bytes: comments, order, blank lines, line ends, byte order
 * mark, other sections, valid or not.
 *
 * The AWS SDKs merge duplicate sections and keys (the last one wins); botocore rejects such a file.
 * So a key is set in the first section of the name and removed from the others. A later section
 * without any other key is removed, except for its comments.
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
    /** Sets and removes keys. Creates the section if it is missing and `set` is not empty. */
    kind: "set";
    /** Without brackets: `okta-dev-admin`, `profile dev`. */
    section: string;
    /** In the order in which missing keys are added. */
    set: readonly IniSetting[];
    unset?: readonly string[];
  }
  | {
    /** Removes all sections of the name. */
    kind: "remove";
    section: string;
  };

/** Files may have thousands of sections, looked up one by one. */
const INDEX = new WeakMap<IniDocument, Map<string, IniSection[]>>();

/**
 * Sections by canonical name (see `canonicalSectionName`), in file order. Indexed once per
 * document.
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
 * The key in lower case, up to the first `:` or `=` (botocore) or `=` (SDKs); empty if there is
 * none.
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
  // With a smaller indent than the line before, it would take indented lines below as
  // continuations.
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
 * Edits a parsed text (at most one edit per section). An edit that is already fulfilled changes
 * nothing.
 *
 * Existing keys are replaced in place, new keys go after the last property, new sections to the end
 * after a blank line. Removing a section also removes the blank lines after it (at the end of the
 * file, the one before it), but no comment before its header or after its last property.
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
 * Sets and removes keys of one section; see {@linkcode editIni}.
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

/** Removes all sections of a name; see {@linkcode editIni}. */
export function removeSection(text: string, section: string): string {
  return editIni(parseIni(text), [{ kind: "remove", section }]);
}
