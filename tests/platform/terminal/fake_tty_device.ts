/** A terminal in memory. @module */

import type { TtyDevice } from "../../../src/platform/terminal/tty_device.ts";

/** What was done to it. */
export interface FakeTtyDevice extends TtyDevice {
  /** Types keys. */
  type(keys: string): void;
  /** Everything written so far. */
  written(): string;
  /** Whether it is in raw mode. */
  isRaw(): boolean;
}

/**
 * Makes a terminal 80 columns wide.
 *
 * @param answer Called with all that was written after each write; what it returns is typed.
 * @returns The terminal.
 */
export function fakeTtyDevice(answer: (written: string) => string = () => ""): FakeTtyDevice {
  let [typed, written, raw] = ["", "", false];
  return {
    type: (keys) => {
      typed += keys;
    },
    written: () => written,
    isRaw: () => raw,
    read: () => {
      const bytes = new TextEncoder().encode(typed);
      typed = "";
      return bytes;
    },
    write: (text) => {
      written += text;
      typed += answer(written);
    },
    setRaw: (value) => {
      raw = value;
    },
    columns: () => 80,
    close: () => {},
  };
}
