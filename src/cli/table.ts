/** Tables that fit the terminal: aligned by display width, optional columns dropped. @module */

import fastStringWidth from "fast-string-width";
import type { Style } from "./style.ts";
import { wrapText } from "../wrap_text.ts";

/** Cells may have colours; text of others has gone through `showUntrusted`. */
export interface Table {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
  /** Indexes of columns that a narrow terminal drops, the first one first. */
  optional?: readonly number[];
}

/** Space between columns. */
const GAP = "  ";

/** A column is not wrapped to less. */
const LEAST_COLUMNS = 12;

function stringWidth(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : fastStringWidth(text);
}

function widthsOf(rows: Table["rows"]): number[] {
  return rows[0]!.map((_, column) => Math.max(...rows.map((row) => stringWidth(row[column]!))));
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1);
}

function pad(cell: string, width: number): string {
  return cell + " ".repeat(Math.max(0, width - stringWidth(cell)));
}

/** The lines of one row, of which the last column may wrap at words. */
function rowLines(row: readonly string[], widths: readonly number[]): string[] {
  const last = row.length - 1;
  const indent = " ".repeat(widths.slice(0, last).reduce((sum, one) => sum + one + GAP.length, 0));
  const fits = stringWidth(row[last]!) <= widths[last]!;
  const [first = "", ...more] = fits ? [row[last]!] : wrapText(row[last]!, widths[last]!);
  const cells = row.with(last, first).map((cell, column) => pad(cell, widths[column]!));
  return [cells.join(GAP).trimEnd(), ...more.map((line) => indent + line)];
}

/**
 * A table for standard output. If it is wider than the terminal, optional columns are dropped, then
 * the last column wraps at words.
 *
 * @returns Lines, each with its line end.
 */
export function formatTable(
  { columns, bold }: Pick<Style, "columns" | "bold">,
  { heads, rows, optional = [] }: Table,
): string {
  let all = [heads, ...rows];
  const dropped: number[] = [];
  for (const column of optional) {
    if (total(widthsOf(all)) <= columns) break;
    all = all.map((row) => row.toSpliced(column - dropped.filter((one) => one < column).length, 1));
    dropped.push(column);
  }
  const widths = widthsOf(all);
  const excess = total(widths) - columns;
  const last = widths.length - 1;
  if (excess > 0) widths[last] = Math.max(LEAST_COLUMNS, widths[last]! - excess);
  const [head, ...others] = all.map((row) => rowLines(row, widths));
  return [...head!.map(bold), ...others.flat()].map((line) => `${line}\n`).join("");
}
