import { type IniDocument, type IniSection, isComment } from "./document.ts";
import { applySplices, type Splice } from "./splice.ts";

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
 * Takes a section out: from its header to its last property, with the blank lines behind it; at the
 * end of the file also with the one in front of it.
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

/** Takes a section out but for its comments, inline ones too, each on a line of its own. */
export function dropSectionButComments(document: IniDocument, section: IniSection): Splice[] {
  const [dropped, next] = dropSection(document, section);
  const comments = commentLines(document, section);
  if (comments === "") return [dropped, next];
  return [{ start: section.start, end: section.bodyEnd, text: comments }, next];
}

/**
 * Moves the next section's header to the line's start: an indented one counts as a header only as
 * long as no property stands right in front of it.
 *
 * @returns A splice that changes nothing where the header is not indented.
 */
export function unindentNext({ text }: IniDocument, { end: start }: IniSection): Splice {
  const end = text.length === start ? start : text.indexOf("[", start);
  return { start, end, text: "" };
}
