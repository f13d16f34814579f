/** Width and colours of a stream; colours are never the only sign. @module */

import type { Ports } from "../ports.ts";

/** How text on one stream is laid out and marked. */
export interface Style {
  /** Width of the terminal; `Infinity` for a pipe or a file. */
  columns: number;
  bold(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
}

/** What decides on colours. */
export interface StyleSource {
  ports: Pick<Ports, "output" | "environment">;
  flags: { noColor?: boolean };
}

const PLAIN = (text: string): string => text;

/** Wraps text that is not empty in an SGR code and its end. */
function sgr(on: string, off: string): (text: string) => string {
  return (text) => text === "" ? "" : `\x1b[${on}m${text}\x1b[${off}m`;
}

/**
 * The style of standard output or standard error. Without a terminal, with `NO_COLOR`, `TERM=dumb`
 * or `--no-color`, the text stays as it is.
 */
export function styleOf({ ports, flags }: StyleSource, stream: "answer" | "notice"): Style {
  const { output, environment } = ports;
  const isTerminal = stream === "answer" ? output.answerIsTerminal : output.noticeIsTerminal;
  const columns = isTerminal ? output.columns : Infinity;
  const isPlain = !isTerminal || flags.noColor === true ||
    environment.get("NO_COLOR") !== undefined || environment.get("TERM") === "dumb";
  if (isPlain) {
    return { columns, bold: PLAIN, faint: PLAIN, good: PLAIN, bad: PLAIN, warn: PLAIN };
  }
  return {
    columns,
    bold: sgr("1", "22"),
    faint: sgr("2", "22"),
    // Basic colours, which every theme adapts to its background.
    good: sgr("32", "39"),
    bad: sgr("31", "39"),
    warn: sgr("33", "39"),
  };
}
