/** INI files of Python's `configparser` and Go's `ini`, read leniently. */

import { type IniDocument, type IniProblemCode, parseIni } from "../../ini/document.ts";
import { readLossless } from "../../aws/files/aws_files.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Found, Source } from "../found.ts";

export interface OldSection {
  name: string;
  /** Keys in lower case. */
  keys: Map<string, string>;
}

const PROBLEMS: Record<IniProblemCode, string> = {
  no_section: "a key before the first section",
  no_equals: "neither a section nor a key = value",
  empty_key: "a value without a key",
  no_bracket: "a section without its closing bracket",
  after_bracket: "text after the closing bracket",
  indented: "an indented line",
};

/** Lines that both parsers accept. */
const FINE: readonly IniProblemCode[] = ["indented"];

/**
 * Reads a file into `found`: its sections, or `undefined` if there is no such file. Lines that can't
 * be read are reported and skipped.
 *
 * @param defaults The section whose keys all others inherit.
 */
export async function readOldIni(
  { files }: Source,
  found: Found,
  path: string,
  defaults?: string,
): Promise<OldSection[] | undefined> {
  if (await files.facts(path) === undefined) return undefined;
  const document = parseIni(await readLossless(files, path));
  found.files.push(path);
  reportProblems(found, path, document);
  const sections = new Map<string, OldSection>();
  for (const { name, properties } of document.sections) {
    if (name === "") continue;
    const section = sections.get(name) ?? { name, keys: new Map() };
    sections.set(name, section);
    for (const { key, value } of properties) {
      if (key !== "") section.keys.set(key, unquote(value));
    }
  }
  const base = defaults === undefined ? undefined : sections.get(defaults)?.keys;
  return [...sections.values()].map(({ name, keys }) => ({
    name,
    keys: new Map([...base ?? [], ...keys]),
  }));
}

/** A file of another kind has a problem in every line. */
const MOST_PROBLEMS = 3;

function reportProblems(found: Found, path: string, { problems, sections }: IniDocument): void {
  const properties = sections.flatMap((section) => section.properties);
  const withColon = new Set(
    properties.filter(({ separator }) => separator === ":").map(({ line }) => line),
  );
  const real = problems.filter(({ code, line }) =>
    !FINE.includes(code) && !(code === "no_equals" && withColon.has(line))
  );
  const leave = (what: string, why: string) =>
    void found.leftOut.push({ tool: found.tool, what: `${showUntrusted(path)}, ${what}`, why });
  for (const { code, line } of real.slice(0, MOST_PROBLEMS)) leave(`line ${line}`, PROBLEMS[code]);
  const more = real.length - MOST_PROBLEMS;
  if (more > 0) leave(`${more} more ${more === 1 ? "line" : "lines"}`, "can't be read");
}

/** Go's `ini` removes quotes around a value; Python's tools never need them. */
function unquote(value: string): string {
  return /^(["'`])(.*)\1$/s.exec(value)?.[2] ?? value;
}

/** A key's value; empty counts as missing. */
export function valueOf(keys: ReadonlyMap<string, string>, key: string): string | undefined {
  return keys.get(key)?.trim() || undefined;
}
