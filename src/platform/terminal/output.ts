/**
 * Standard output and standard error, written synchronously, so that an exit right afterwards loses
 * nothing.
 *
 * Loaded on every run, even when `cred-process` answers from its cache: imports must be cheap.
 *
 * @module
 */

import type { Output } from "../../ports.ts";

export interface Sink {
  /** Writes some of the bytes, and returns how many. */
  writeSync(bytes: Uint8Array): number;
}

/** How long to wait before trying a full non-blocking pipe again. */
const FULL_PIPE_MILLISECONDS = 5;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_MILLISECONDS);
}

/**
 * Writes all bytes before it returns; waits for a pipe that another process made non-blocking (as Node
 * does to a stream it shares with us). Returns `false` if the reader is gone (EPIPE), which is no
 * error: `okta-aws roles | head -1`.
 */
export function writeWhole(sink: Sink, bytes: Uint8Array): boolean {
  let written = 0;
  while (written < bytes.length) {
    try {
      written += sink.writeSync(bytes.subarray(written));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return false;
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      pause();
    }
  }
  return true;
}

/** Whether a line of standard error can be drawn again. */
function redraws(): boolean {
  return Deno.stderr.isTerminal() && Deno.env.get("TERM") !== "dumb";
}

/** Width of the terminal; 80 if unknown. */
export function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** The status line: whether one is drawn, and how many questions forbid it. */
const status = { drawn: false, questions: 0 };

function writeStatus(text: string): void {
  // Clears the line, so that a shorter text leaves nothing of a longer one.
  writeWhole(Deno.stderr, new TextEncoder().encode(`\r\x1b[K${text}`));
  status.drawn = text !== "";
}

/** Removes the status line before anything else is written to the terminal. */
export function clearStatus(): void {
  if (status.drawn) writeStatus("");
}

/** No status line is drawn until the returned function is called. */
export function withoutStatus(): () => void {
  clearStatus();
  status.questions++;
  return () => void status.questions--;
}

/** The `Output` port. After the reader is gone, output is dropped and the program goes on. */
export function systemOutput(): Output {
  const encoder = new TextEncoder();
  const writer = (sink: Sink): (text: string) => void => {
    let open = true;
    return (text) => {
      clearStatus();
      if (open) open = writeWhole(sink, encoder.encode(text));
    };
  };
  return {
    answer: writer(Deno.stdout),
    notice: writer(Deno.stderr),
    status(text) {
      if (text === "") return clearStatus();
      if (status.questions === 0 && redraws()) writeStatus(text);
    },
    get noticeIsTerminal(): boolean {
      return Deno.stderr.isTerminal();
    },
    get answerIsTerminal(): boolean {
      return Deno.stdout.isTerminal();
    },
    get columns(): number {
      return consoleColumns();
    },
  };
}
