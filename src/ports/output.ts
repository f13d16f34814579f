/**
 * Standard output and error, as an interface.
 *
 * @module
 */

/** Where answers (stdout) and everything else (stderr) go. */
export interface Output {
  /** Writes to standard output: the answer that was asked for, nothing else. */
  answer(text: string): void;
  /** Writes to standard error. */
  notice(text: string): void;
  /** Whether standard error is a terminal, so that a line can be redrawn. */
  readonly noticeIsTerminal: boolean;
  /** Whether standard output is a terminal. */
  readonly answerIsTerminal: boolean;
  /** Columns of the terminal, 80 where it is not known. */
  readonly columns: number;
}
