/**
 * The controlling terminal and its questions, as interfaces.
 *
 * @module
 */

import type { Secret } from "../secret.ts";

/** One entry of a menu. */
export interface Choice<T> {
  /** What the person sees. */
  name: string;
  /** What choosing it gives. */
  value: T;
}

/** A switch beside a menu: its key turns it on and off while nothing is typed to filter by. */
export interface ChoiceToggle {
  /** The key, one lower-case letter. */
  key: string;
  /** What is switched, in a few words: "remember". */
  name: string;
  /** Told with the answer whether it is on. */
  onAnswer: (on: boolean) => void;
}

/** How a question is put. */
export interface AskOptions {
  /** What stands in front of the answer, without a colon. */
  question: string;
  /** Ends the question early: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Give up after this long, with an `InteractionError` `unanswered`. */
  timeoutMilliseconds?: number;
}

/**
 * The controlling terminal (`/dev/tty`, `CONIN$`/`CONOUT$`), not the standard streams: an AWS SDK
 * that runs us swallows those (botocore#1348). Every `ask…` rejects with `InterruptedError` on
 * Ctrl-C and leaves the terminal as it was.
 */
export interface Terminal {
  /** Whether there is one and this process belongs to its foreground process group. */
  canAsk(): Promise<boolean>;
  /** Writes text that a person must see now. */
  write(text: string): void;
  /** Asks for a line of text. `initial` is what an empty answer gives. */
  askText(options: AskOptions & { initial?: string }): Promise<string>;
  /** Asks for a secret: what is typed is never echoed, not even on request. */
  askSecret(options: AskOptions): Promise<Secret>;
  /** Asks yes or no. */
  askConfirm(options: AskOptions & { initial: boolean }): Promise<boolean>;
  /** Asks to choose one of several; typing filters. */
  askChoice<T>(
    options: AskOptions & { choices: Choice<T>[]; toggle?: ChoiceToggle },
  ): Promise<T>;
}
