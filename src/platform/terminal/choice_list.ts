/**
 * The state of a menu: which entries the filter leaves, which is marked, which are in view.
 *
 * @module
 */

/** Entries that stand below the question at once. */
export const ROWS_IN_VIEW = 12;

/**
 * The entries that a filter leaves: those that hold every word of it, in any order and case.
 *
 * @param names All entries.
 * @param filter What was typed.
 * @returns Positions in `names`, in order.
 */
export function matchingEntries(names: readonly string[], filter: string): number[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  const lower = names.map((name) => name.toLowerCase());
  return [...lower.keys()].filter((at) => words.every((word) => lower[at]!.includes(word)));
}

/**
 * Where the mark goes; from the last entry to the first, and back.
 *
 * @param marked Where it is.
 * @param by How far it moves; negative is up.
 * @param count How many entries there are.
 * @returns Where it is then; 0 where there are none.
 */
export function moveMark(marked: number, by: number, count: number): number {
  return count === 0 ? 0 : (((marked + by) % count) + count) % count;
}

/**
 * Which entries are in view, with the mark in the middle where that is possible.
 *
 * @param marked Where the mark is.
 * @param count How many entries there are.
 * @param rows How many fit.
 * @returns The first in view, and the first after it that is not.
 */
export function entriesInView(
  marked: number,
  count: number,
  rows: number = ROWS_IN_VIEW,
): [start: number, end: number] {
  const start = Math.max(0, Math.min(marked - Math.floor(rows / 2), count - rows));
  return [start, Math.min(start + rows, count)];
}

/**
 * A name cut to fit.
 *
 * @param name The name.
 * @param columns How many characters fit.
 * @returns The name, or its beginning and `…`.
 */
export function fitName(name: string, columns: number): string {
  const characters = [...name];
  if (characters.length <= columns) return name;
  return characters.slice(0, Math.max(columns - 1, 0)).join("") + "…";
}
