/**
 * Other programs and signals, as interfaces.
 *
 * @module
 */

import type { Secret } from "../secret.ts";

/** Which browser, and how. */
export interface BrowserOptions {
  /** A command to use instead of the default. */
  browser?: string | undefined;
  /** What a Firefox container is called, where the command asks for one. */
  container?: string;
}

/** Programs that we start. */
export interface Processes {
  /**
   * Runs a program with our standard streams, terminal and signals, as if it had been started by
   * hand.
   *
   * @param command The program and its arguments.
   * @param environment The whole environment of the child.
   * @returns Its exit code; 128+n where signal n ended it; 127 not found, 126 not executable.
   */
  exec(command: [string, ...string[]], environment: Record<string, string>): Promise<number>;
  /** Opens a URL in the person's browser. */
  openBrowser(url: Secret, options?: BrowserOptions): Promise<void>;
  /** Shows a note on the person's desktop where there is a program for that; never fails. */
  notify(title: string, text: string): Promise<void>;
  /** The name of the program that started us, where the system tells. */
  parentName(): Promise<string | undefined>;
}

/**
 * Runs something that Ctrl-C (SIGINT), SIGTERM or SIGHUP ends: the promise then rejects with an
 * `InterruptedError` at once, and the signal is aborted with it.
 */
export type Interruptible = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
