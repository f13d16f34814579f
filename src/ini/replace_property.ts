import { type IniDocument, type IniProperty, isComment } from "./document.ts";
import type { Splice } from "./splice.ts";
import { formatSetting, type IniBlockSetting, type IniSetting } from "./values.ts";

/** The line end at the end of a line; empty for the last line of a file that lacks it. */
function lineEndOf(line: string): string {
  if (!line.endsWith("\n")) return "";
  return line.endsWith("\r\n") ? "\r\n" : "\n";
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

/** The property's first line, and all lines from there to its last continuation. */
function linesOf({ text }: IniDocument, property: IniProperty): [head: string, below: string[]] {
  const below = text.slice(property.headEnd, property.end);
  return [
    text.slice(property.start, property.headEnd),
    below === "" ? [] : below.split(/(?<=\n)/),
  ];
}

function replaceBlock(
  head: string,
  below: readonly string[],
  block: readonly IniBlockSetting[],
  lineEnd: string,
): string {
  const wanted = new Map(block);
  const written = new Set<string>();
  const lines = below.map((line) => {
    const key = line.split("=", 1)[0]!.trim();
    const value = wanted.get(key);
    if (value === undefined) return line;
    if (written.has(key)) return "";
    written.add(key);
    return formatSetting([key, value], indentOf(line), lineEndOf(line));
  });
  const old = head + lines.join("");
  const missing = [...wanted].filter(([key]) => !written.has(key))
    .map((setting) => formatSetting(setting, `${indentOf(head)}    `, lineEnd)).join("");
  return old + (missing === "" || old.endsWith("\n") ? "" : lineEnd) + missing;
}

/**
 * The splice that gives a property its new value, or takes it out.
 *
 * The key keeps its place, indentation and line end; continuation lines of the old value go, other
 * keys of a block stay. The person's words stay: an inline comment gets a line of its own, since
 * botocore would read it into the value, and a comment indented below the key loses its indent,
 * since the other SDKs would.
 *
 * @param setting The new value; `undefined` takes the property out.
 * @returns The splice; it changes nothing where the property already says what is asked for.
 */
export function replaceProperty(
  document: IniDocument,
  property: IniProperty,
  setting: IniSetting | undefined,
): Splice {
  const { start, end, key, inlineComment, separator, continuations } = property;
  const [head, below] = linesOf(document, property);
  const indent = indentOf(head);
  const before = inlineComment && `${indent}${inlineComment}${document.lineEnd}`;
  const after = below.map((line) => line.trimStart()).filter(isComment).join("");
  if (setting === undefined) return { start, end, text: before + after };
  const [newKey, value] = setting;
  const isBlock = continuations.length > 0 && property.value.startsWith("\n");
  if (typeof value !== "string" && isBlock) {
    return { start, end, text: replaceBlock(head, below, value, document.lineEnd) };
  }
  const same = value === property.value && newKey.toLowerCase() === key && separator === "=";
  if (same && before === "") return { start, end: start, text: "" };
  const lineEnd = typeof value === "string" ? lineEndOf(head) : document.lineEnd;
  return { start, end, text: before + formatSetting(setting, indent, lineEnd) + after };
}
