export interface Splice {
  /** Offset of the first character that goes. */
  start: number;
  /** Offset behind the last character that goes; `start` where nothing does. */
  end: number;
  text: string;
  /** Whether `text` must begin a line: a line end is put in front where one is missing. */
  freshLine?: boolean;
}

/**
 * The text with all splices made; linear in the text and the splices.
 *
 * @param splices In any order. Where two of them take the same characters these go once.
 * @param lineEnd The line end for `freshLine`.
 */
export function applySplices(text: string, splices: readonly Splice[], lineEnd: string): string {
  const parts: string[] = [];
  let last = "";
  const push = (part: string): void => {
    if (part === "") return;
    parts.push(part);
    last = part;
  };
  let cursor = 0;
  for (
    const { start, end, text: added, freshLine } of splices.toSorted((a, b) => a.start - b.start)
  ) {
    push(text.slice(cursor, Math.max(cursor, start)));
    if (freshLine && last !== "" && last !== "\ufeff" && !last.endsWith("\n")) push(lineEnd);
    push(added);
    cursor = Math.max(cursor, end);
  }
  push(text.slice(cursor));
  return parts.join("");
}
