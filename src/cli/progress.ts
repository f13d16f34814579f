/**
 * One line on a terminal that is written over and over.
 *
 * @module
 */

import type { Output } from "../ports.ts";

/** The line. */
export interface ProgressLine {
  /** Shows a text in place of the one before. */
  show(text: string): void;
  /** Takes the line away. */
  clear(): void;
}

/**
 * A progress line on standard error.
 *
 * @param output Where to.
 * @param silent Whether it is left out; it is, too, where standard error is no terminal.
 * @returns The line.
 */
export function progressLine(output: Output, silent: boolean): ProgressLine {
  if (silent || !output.noticeIsTerminal) return { show() {}, clear() {} };
  let length = 0;
  const write = (text: string) => {
    output.notice(`\r${text}${" ".repeat(Math.max(0, length - text.length))}`);
    length = text.length;
  };
  return {
    show: (text) => write(text.slice(0, output.columns - 1)),
    clear() {
      if (length === 0) return;
      write("");
      output.notice("\r");
    },
  };
}
