/**
 * Standard output and standard error, written whole and at once, so that an exit right afterwards
 * loses nothing.
 *
 * Loaded on every run, a cache hit of `cred-process` included: no imports that cost anything.
 *
 * @module
 */

import type { Output } from "../../ports.ts";

/** The part of a standard stream that is used. */
export interface Sink {
  /** Writes some of the bytes. @returns How many. */
  writeSync(bytes: Uint8Array): number;
}

/** How long to wait, in milliseconds, before a full non-blocking pipe is tried again. */
const FULL_PIPE_PAUSE = 5;

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_PAUSE);
}

/**
 * Writes all bytes before it returns. A pipe that another process made non-blocking (Node does this
 * to a stream it shares with us) is waited for.
 *
 * @param sink Where to write.
 * @param bytes What to write.
 * @returns Whether all of it was written; `false` where the reader has gone (EPIPE), which is its
 * good right: `okta-aws roles | head -1` is no failure.
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

function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/**
 * The standard streams of this process. A reader that has gone away is no failure: what is written
 * after that is dropped and the program finishes its work.
 *
 * @returns The port.
 */
export function systemOutput(): Output {
  const encoder = new TextEncoder();
  const writer = (sink: Sink): (text: string) => void => {
    let open = true;
    return (text) => {
      if (open) open = writeWhole(sink, encoder.encode(text));
    };
  };
  return {
    answer: writer(Deno.stdout),
    notice: writer(Deno.stderr),
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
