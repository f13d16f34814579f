/**
 * Edits parts of a YAML text. The parser (eemeli/yaml) finds the positions; its own writer would
 * reformat the whole file.
 *
 * @module
 */

import {
  type Document,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "./yaml.ts";
import type { Splice } from "../ini/splice.ts";

export type Plain = string | boolean | Plain[] | { [key: string]: Plain };

const MOST_ALIASES = 100;
/** May be repeated. */
const MERGE_KEY = "<<";

export interface YamlText {
  text: string;
  /** `null` for an empty file or only comments. */
  root: YAMLMap | null;
  value: Record<string, unknown>;
  lineEnd: string;
}

export function parseYaml(text: string): YamlText | { reason: string } {
  // The library compares each key with all others; ours is linear.
  const document = parseDocument(text, { uniqueKeys: false });
  const [error] = document.errors;
  if (error?.code === "MULTIPLE_DOCS") return { reason: "more than one YAML document (---)" };
  if (error !== undefined) return { reason: error.message.split("\n")[0]!.replace(/:$/, "") };
  const problem = problemOf(document);
  if (problem !== undefined) return { reason: problem };
  const lineEnd = /\r\n/.test(text) ? "\r\n" : "\n";
  const root: unknown = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) {
    return { text, root: null, value: {}, lineEnd };
  }
  if (!isMap(root)) return { reason: "not a mapping" };
  return { text, root, value: document.toJS() as Record<string, unknown>, lineEnd };
}

/** What the library would spend more than linear time on, or not find. */
function problemOf(document: Document): string | undefined {
  let aliases = 0;
  let problem: string | undefined;
  visit(document, {
    Alias() {
      aliases += 1;
      if (aliases > MOST_ALIASES) problem = "too many aliases";
      return problem === undefined ? undefined : visit.BREAK;
    },
    Map(_, { items }) {
      const keys = items.map(({ key }) => isScalar(key) ? key.value : key);
      const plain = keys.filter((key) => key !== MERGE_KEY);
      if (new Set(plain).size < plain.length) problem = "Map keys must be unique";
      return problem === undefined ? undefined : visit.BREAK;
    },
  });
  return problem;
}

export function pairOf(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  const pairs = map.items as Pair<Node, Node | null>[];
  return pairs.find((pair) => (pair.key as { value?: unknown }).value === key);
}

/** kubectl reads YAML 1.1, where `no` and `1e3` need quotes. */
function blockLines(value: Plain, column: number): string[] {
  const options = {
    version: "1.1",
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  } as const;
  const lines = stringify(value, options).trimEnd().split("\n");
  return lines.map((line) => `${" ".repeat(column)}${line}`);
}

function columnOf(text: string, offset: number): number {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return offset - start - (text[start] === "\ufeff" ? 1 : 0);
}

/** Offset after the line in which a collection ends. */
function lineBehind(text: string, end: number): number {
  if (end > 0 && text[end - 1] === "\n") return end;
  const next = text.indexOf("\n", end);
  return next < 0 ? text.length : next + 1;
}

function rangeOf(node: Node): [start: number, end: number] {
  const [start, end] = node.range!;
  return [start, end];
}

function freshLines({ lineEnd }: YamlText, at: number, lines: readonly string[]): Splice {
  const text = lines.map((line) => `${line}${lineEnd}`).join("");
  return { start: at, end: at, text, freshLine: true };
}

/** Inserts after the last member of `{…}` or `[…]`. */
function intoFlow(
  collection: YAMLMap | YAMLSeq,
  json: string,
): Splice {
  const last = collection.items.at(-1) as Node | Pair<Node, Node | null> | undefined;
  const [start] = rangeOf(collection as unknown as Node);
  if (last === undefined) return { start: start + 1, end: start + 1, text: json };
  const node = "key" in last ? last.value ?? last.key : last;
  const [, end] = rangeOf(node);
  return { start: end, end, text: `, ${json}` };
}

/** Adds or replaces a member of a mapping. */
export function setMember(yaml: YamlText, map: YAMLMap, key: string, value: Plain): Splice[] {
  const pair = pairOf(map, key);
  if (pair !== undefined) return replaceValue(yaml, map, pair, value);
  if (map.flow) return [intoFlow(map, `${JSON.stringify(key)}: ${JSON.stringify(value)}`)];
  const [start, end] = rangeOf(map as unknown as Node);
  const lines = blockLines({ [key]: value }, columnOf(yaml.text, start));
  return [freshLines(yaml, lineBehind(yaml.text, end), lines)];
}

/** How many blanks are before an offset, and the line end before them. */
function blankBefore(text: string, offset: number): number {
  let at = offset;
  while (text[at - 1] === " " || text[at - 1] === "\t") at--;
  if (text[at - 1] === "\n") at -= text[at - 2] === "\r" ? 2 : 1;
  return offset - at;
}

function replaceValue(
  yaml: YamlText,
  map: YAMLMap,
  { key, value: old }: Pair<Node, Node | null>,
  value: Plain,
): Splice[] {
  const { text, lineEnd } = yaml;
  const [keyStart, keyEnd] = rangeOf(key);
  const [start, end] = old === null ? [keyEnd, keyEnd] : rangeOf(old);
  if (map.flow || (isCollection(old) && old.flow && old.items.length > 0)) {
    return [{ start, end, text: JSON.stringify(value) }];
  }
  const column = columnOf(text, keyStart);
  const isNested = typeof value === "object" && Object.keys(value).length > 0;
  const lines = isNested ? blockLines(value, column + (Array.isArray(value) ? 0 : 2)) : [];
  if (isCollection(old) && !old.flow) {
    // From the start of the first line: keeps comments before it.
    const first = start - columnOf(text, start);
    return [{ start: first, end, text: lines.map((line) => `${line}${lineEnd}`).join("") }];
  }
  const ended = text.slice(start, end).endsWith("\n") ? lineEnd : "";
  if (!isNested) {
    const space = text[start - 1] === ":" ? " " : "";
    return [{ start, end, text: `${space}${blockLines(value, 0)[0]!}${ended}` }];
  }
  // Including the line end if the value is on its own line.
  const blank = blankBefore(text, start);
  return [
    { start: start - blank, end, text: ended },
    freshLines(yaml, lineBehind(text, end), lines),
  ];
}

/** Appends items to a list, which is created if it is missing or empty. */
export function appendItems(
  yaml: YamlText,
  map: YAMLMap,
  key: string,
  items: readonly Plain[],
): Splice[] {
  const list = pairOf(map, key)?.value;
  if (!isSeq(list) || list.items.length === 0) return setMember(yaml, map, key, [...items]);
  if (list.flow) {
    return [intoFlow(list, items.map((item) => JSON.stringify(item)).join(", "))];
  }
  const [start, end] = rangeOf(list as unknown as Node);
  const lines = blockLines([...items], columnOf(yaml.text, start));
  return [freshLines(yaml, lineBehind(yaml.text, end), lines)];
}

export function formatYaml(value: Plain, lineEnd: string): string {
  return blockLines(value, 0).map((line) => `${line}${lineEnd}`).join("");
}
