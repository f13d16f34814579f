export interface Splice {
  /** Offset of the first character to replace. */
  start: number;
  /** Offset after the last character to replace; equal to `start` for an insertion. */
  end: number;
  text: string;
  /** Whether `text` must start on a new line: adds a line end if necessary. */
  freshLine?: boolean;
}

/**
 * Applies all splices, in any order, in linear time. Overlapping splices remove characters once.
 * `lineEnd` is for `freshLine`.
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
