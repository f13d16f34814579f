import type { IniDocument, IniSection } from "./document.ts";

/**
 * Whether a section has comments that a reader would say are its own: between its header and its
 * last property, behind or inside a value, or right below the last property, unless the next header
 * follows them without a blank line (then they are about that one).
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
