/**
 * How errors, tables and times look.
 *
 * @module
 */

import { Fault, OktaAwsError } from "../errors.ts";
import type { Output } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** How an error is shown. */
export interface ErrorStyle {
  /** As one JSON object. */
  json: boolean;
  /** With stacks and causes. */
  debug: boolean;
}

function details(error: unknown): string[] {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) {
    const stack = (at.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
    lines.push(`${at.name}: ${showUntrusted(at.message)}`, ...stack.map(showUntrusted));
  }
  return lines;
}

/**
 * Shows why the program ends.
 *
 * @param output Where to; standard error is used.
 * @param thrown Whatever was thrown.
 * @param style How.
 */
export function reportError(output: Output, thrown: unknown, style: ErrorStyle): void {
  const error = thrown instanceof OktaAwsError
    ? thrown
    : new Fault(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  const message = showUntrusted(error.message);
  const { code, hint } = error;
  if (style.json) output.notice(`${JSON.stringify({ error: { code, message, hint } })}\n`);
  else {
    output.notice(`okta-aws: ${message}\n`);
    if (hint !== undefined) output.notice(`  ${hint}\n`);
  }
  if (style.debug) output.notice(details(thrown).map((line) => `  ${line}\n`).join(""));
}

/**
 * A table with a line of heads, its columns aligned.
 *
 * @param heads The columns' heads.
 * @param rows The cells; what others wrote has to have gone through `showUntrusted`.
 * @returns Lines, each with its line end.
 */
export function formatTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd();
  return all.map((row) => `${line(row)}\n`).join("");
}

/**
 * A table for a person: on a terminal that it is too wide for, one column is left out.
 *
 * @param output Where it goes: standard output.
 * @param heads The columns' heads.
 * @param rows The cells, as for {@linkcode formatTable}.
 * @param dispensable The column that says least.
 * @returns Lines, each with its line end.
 */
export function fitTable(
  output: Pick<Output, "answerIsTerminal" | "columns">,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  dispensable: number,
): string {
  const table = formatTable(heads, rows);
  const isWide = table.split("\n").some((line) => line.length > output.columns);
  if (!output.answerIsTerminal || !isWide) return table;
  const [head, ...others] = [heads, ...rows].map((row) => row.toSpliced(dispensable, 1));
  return formatTable(head!, others);
}

/**
 * A moment in the person's own time zone.
 *
 * @param moment Milliseconds since the Unix epoch.
 * @param now Likewise: the date is left out for today's.
 * @returns `14:05` or `2026-01-31 14:05`.
 */
export function formatMoment(moment: number, now: number): string {
  const local = (time: number) => {
    const date = new Date(time);
    const shifted = new Date(time - date.getTimezoneOffset() * 60_000).toISOString();
    return [shifted.slice(0, 10), shifted.slice(11, 16)] as const;
  };
  const [day, time] = local(moment);
  return day === local(now)[0] ? time : `${day} ${time}`;
}
