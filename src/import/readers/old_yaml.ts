/** YAML files of other tools: maps of strings. */

import { isObject } from "../../is_object.ts";
import { parseDocument } from "../../kube/yaml.ts";
import { readLossless } from "../../aws/files/aws_files.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Found, Source } from "../found.ts";

export type YamlMap = Readonly<Record<string, unknown>>;

/**
 * Reads a file into `found`: its top-level map, or `undefined` if there is no such file or it can't be
 * parsed, which is reported. Scalars stay text: account ids may start with 0.
 */
export async function readOldYaml(
  { files }: Source,
  found: Found,
  path: string,
): Promise<YamlMap | undefined> {
  if (await files.facts(path) === undefined) return undefined;
  found.files.push(path);
  const leave = (why: string) => {
    found.leftOut.push({ tool: found.tool, what: showUntrusted(path), why });
    return undefined;
  };
  try {
    const text = (await readLossless(files, path)).replace(/^\ufeff/, "");
    const document = parseDocument(text, { schema: "failsafe" });
    const [error] = document.errors;
    // Only the position: the parser quotes the line, which may have a secret.
    if (error !== undefined) return leave(`not YAML: line ${error.linePos?.[0].line ?? "?"}`);
    return mapOf(document.toJS({ maxAliasCount: 100 }));
  } catch {
    return leave("can't be read as YAML");
  }
}

/** The value as a map; empty if it is none. */
export function mapOf(value: unknown): YamlMap {
  return isObject(value) ? value : {};
}

/** The entries of a map that are maps. */
export function mapsOf(value: unknown): [string, YamlMap][] {
  return Object.entries(mapOf(value)).map(([key, one]) => [key, mapOf(one)]);
}

/** A key's text; empty and anything but text count as missing. */
export function textOf(map: YamlMap, key: string): string | undefined {
  const value = map[key];
  return typeof value === "string" ? value.trim() || undefined : undefined;
}
