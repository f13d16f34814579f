import { type IniDocument, type IniProperty, type IniSection, isComment } from "./document.ts";
import { applySplices, type Splice } from "./splice.ts";
import { formatSetting, type IniBlockSetting, type IniSetting } from "./values.ts";

function commentLines(
  { text }: IniDocument,
  { bodyStart, bodyEnd, properties }: IniSection,
): string {
  const inline = properties.filter(({ inlineComment }) => inlineComment !== "");
  const cuts = inline.map(({ start, headEnd, inlineComment }): Splice => ({
    start: start - bodyStart,
    end: text.lastIndexOf(inlineComment, headEnd - 1) - bodyStart,
    text: "",
  }));
  const lines = applySplices(text.slice(bodyStart, bodyEnd), cuts, "").split(/(?<=\n)/);
  return lines.map((line) => line.trimStart()).filter(isComment).join("");
}

function blankLineEnd(text: string, at: number): number {
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline + 1;
  return text.slice(at, end).trim() === "" ? end : at;
}

/**
 * Removes a section from its header to its last property, with the blank lines after it; at the end
 * of the file also with the one before it.
 */
export function dropSection(document: IniDocument, section: IniSection): [Splice, Splice] {
  const { text } = document;
  let { start, bodyEnd: end } = section;
  for (let next = blankLineEnd(text, end); next > end; next = blankLineEnd(text, end)) end = next;
  if (end === text.length) {
    if (text.endsWith("\n\r\n", start)) start -= 2;
    else if (text.endsWith("\n\n", start)) start -= 1;
  }
  return [{ start, end, text: "" }, unindentNext(document, section)];
}

/** Removes a section but keeps its comments, inline ones too, each on its own line. */
export function dropSectionButComments(document: IniDocument, section: IniSection): Splice[] {
  const [dropped, next] = dropSection(document, section);
  const comments = commentLines(document, section);
  if (comments === "") return [dropped, next];
  return [{ start: section.start, end: section.bodyEnd, text: comments }, next];
}

/**
 * Removes the indent of the next section's header: an indented header would become a continuation
 * of a property before it.
 */
export function unindentNext({ text }: IniDocument, { end: start }: IniSection): Splice {
  const end = text.length === start ? start : text.indexOf("[", start);
  return { start, end, text: "" };
}

/** Empty if the file's last line has none. */
function lineEndOf(line: string): string {
  if (!line.endsWith("\n")) return "";
  return line.endsWith("\r\n") ? "\r\n" : "\n";
}

function indentOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

/** The first line of a property, and its continuation lines. */
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
 * Sets or removes (`undefined`) a property in place.
 *
 * The key keeps its position, indent and line end. Continuation lines of the old value are removed;
 * other keys of a block stay. Comments stay: an inline comment gets its own line, since botocore
 * would read it as part of the value; a comment indented below the key loses its indent, since the
 * SDKs would read that one.
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

/**
 * Whether a section has comments of its own, which would be lost or misplaced with it: between
 * header and last property, after or inside a value, or directly below the last property. Comments
 * directly above the next header belong to that one.
 */
export function hasOwnComments(document: IniDocument, section: IniSection): boolean {
  const { properties, comments, bodyEnd, end } = section;
  if (properties.some(({ inlineComment }) => inlineComment !== "")) return true;
  if (
    properties.some(({ continuations }) => continuations.some(({ text }) => /^[#;]/.test(text)))
  ) {
    return true;
  }
  let below = bodyEnd;
  for (const comment of comments) {
    if (comment.start < bodyEnd) return true;
    if (comment.start === below) below = comment.end;
  }
  const aboutNext = below === end && end < document.text.length;
  return below > bodyEnd && !aboutNext;
}
