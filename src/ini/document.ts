/**
 * The INI grammar of the AWS SDKs, parsed into a model with the position of each part, so that an
 * edit can replace one line and keep the rest byte by byte.
 *
 * Parsing never fails: invalid lines become an {@linkcode IniProblem}, because an edit must keep
 * them. If the SDKs (rules of their shared `profile-parser-tests.json`) and botocore's
 * `configparser` disagree, the SDKs' value counts. What only `configparser` reads (`key: value`,
 * keys indented below their header) is in the model too, so that an edit replaces it as well.
 *
 * @module
 */

export type IniProblemCode =
  | "no_section"
  | "no_equals"
  | "empty_key"
  | "no_bracket"
  | "after_bracket"
  | "indented";

/** An invalid line, without its text: that could be part of a secret. */
export interface IniProblem {
  code: IniProblemCode;
  /** The line's number, from 1. */
  line: number;
}

export interface IniLine {
  text: string;
  /** The line's number, from 1. */
  line: number;
  /** Offset of its first character. */
  start: number;
  /** Offset after its line end. */
  end: number;
}

/** A `key = value` line with its continuation lines, or an invalid line. */
export interface IniProperty {
  /** In lower case; empty if the line has none. */
  key: string;
  keyAsWritten: string;
  /** Continuation lines are trimmed and appended, each after a `\n`. */
  value: string;
  /** The AWS SDKs accept only `=`, botocore also `:`. Empty if there is neither. */
  separator: "=" | ":" | "";
  /** The comment after the value with its `#` or `;`. botocore reads it as part of the value. */
  inlineComment: string;
  /** Number of the first line, from 1. */
  line: number;
  /** White space before the key, in characters. */
  indent: number;
  /** Offset of the first line. */
  start: number;
  /** Offset after the first line. */
  headEnd: number;
  /** Offset after the last continuation line. */
  end: number;
  /** The lines indented more than this one. They are a block if `value` starts with `\n`. */
  continuations: readonly IniLine[];
}

/** A section, from its header to the next one. */
export interface IniSection {
  /** The text between the brackets, trimmed; empty if the header is invalid. */
  name: string;
  /** The header's line number, from 1. */
  line: number;
  /** Offset of the header. */
  start: number;
  /** Offset after the header line. */
  bodyStart: number;
  /** Offset after the last property or indented comment: new properties go here. */
  bodyEnd: number;
  /** Offset of the next section's header, or the text's length. */
  end: number;
  /** In file order, with duplicates and invalid lines. */
  properties: IniProperty[];
  /** Comment lines that are not part of a continuation. */
  comments: IniLine[];
}

export interface IniDocument {
  text: string;
  /** The most frequent line end; `\n` by default. */
  lineEnd: "\n" | "\r\n";
  /** In file order, with duplicates. */
  sections: IniSection[];
  /** In file order. */
  problems: IniProblem[];
}

interface Reader {
  document: IniDocument;
  section: IniSection;
  property: IniProperty | undefined;
  continuations: IniLine[];
}

const NONE: readonly IniLine[] = [];

/** Space, tab, vertical tab, form feed, carriage return. */
function isBlank(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

/** `end` is the offset after the header line. */
function newSection(
  name: string,
  { line, start, end }: Pick<IniLine, "line" | "start" | "end">,
): IniSection {
  return { name, line, start, bodyStart: end, bodyEnd: end, end, properties: [], comments: [] };
}

function openSection(reader: Reader, { text, line, start, end }: IniLine, indent: number): void {
  const { sections, problems } = reader.document;
  const close = text.indexOf("]");
  const rest = close < 0 ? "" : text.slice(close + 1).trimStart();
  if (close < 0) problems.push({ code: "no_bracket", line });
  else if (indent > 0) problems.push({ code: "indented", line });
  else if (rest !== "" && !isComment(rest)) problems.push({ code: "after_bracket", line });
  reader.section.end = start;
  reader.section = newSection(close < 0 ? "" : text.slice(1, close).trim(), { line, start, end });
  reader.property = undefined;
  sections.push(reader.section);
}

function addProperty(reader: Reader, { text, line, start, end }: IniLine, indent: number): void {
  const cut = text.search(/[ \t][#;]/);
  const body = cut < 0 ? text : text.slice(0, cut);
  const equals = body.indexOf("=");
  const at = equals < 0 ? body.indexOf(":") : equals;
  const keyAsWritten = at < 0 ? "" : body.slice(0, at).trimEnd();
  const property: IniProperty = {
    key: keyAsWritten.toLowerCase(),
    keyAsWritten,
    value: at < 0 ? "" : body.slice(at + 1).trim(),
    separator: equals >= 0 ? "=" : at >= 0 ? ":" : "",
    inlineComment: cut < 0 ? "" : text.slice(cut + 1),
    line,
    indent,
    start,
    headEnd: end,
    end,
    continuations: NONE,
  };
  reader.property = property;
  reader.section.properties.push(property);
  reader.section.bodyEnd = end;
  const code = propertyProblem(reader, property);
  if (code !== undefined) reader.document.problems.push({ code, line });
}

function propertyProblem(reader: Reader, property: IniProperty): IniProblemCode | undefined {
  if (reader.section.line === 0) return "no_section";
  if (property.separator !== "=") return "no_equals";
  if (property.key === "") return "empty_key";
  return property.indent > 0 ? "indented" : undefined;
}

function addContinuation(reader: Reader, property: IniProperty, line: IniLine): void {
  if (property.continuations === NONE) property.continuations = reader.continuations = [];
  reader.continuations.push(line);
  property.value += `\n${line.text}`;
  property.end = line.end;
  reader.section.bodyEnd = line.end;
}

/** Whether a trimmed line starts with `#` or `;`. */
export function isComment(text: string): boolean {
  return text.startsWith("#") || text.startsWith(";");
}

function readLine(reader: Reader, line: number, start: number, end: number): void {
  const { text } = reader.document;
  let first = start;
  while (first < end && isBlank(text.charCodeAt(first))) first++;
  if (first === end) return;
  let last = end;
  while (isBlank(text.charCodeAt(last - 1))) last--;
  const content = { text: text.slice(first, last), line, start, end };
  const indent = first - start;
  const { property } = reader;
  if (property !== undefined && indent > property.indent) {
    return addContinuation(reader, property, content);
  }
  if (isComment(content.text)) {
    reader.section.comments.push(content);
    // A property added before an indented comment would make it a continuation line.
    if (indent > 0) reader.section.bodyEnd = end;
  } else if (content.text.startsWith("[")) openSection(reader, content, indent);
  else addProperty(reader, content, indent);
}

/** Parses INI text in one pass. A byte order mark, `\r\n` and a missing last line end are fine. */
export function parseIni(text: string): IniDocument {
  const document: IniDocument = { text, lineEnd: "\n", sections: [], problems: [] };
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const section = newSection("", { line: 0, start: at, end: at });
  const reader: Reader = { document, section, property: undefined, continuations: [] };
  let withReturn = 0;
  let ends = 0;
  for (let line = 1; at < text.length; line++) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    if (newline >= 0) ends++;
    if (newline > at && text.charCodeAt(newline - 1) === 13) withReturn++;
    readLine(reader, line, at, end);
    at = end;
  }
  reader.section.end = text.length;
  if (withReturn * 2 > ends) document.lineEnd = "\r\n";
  return document;
}
