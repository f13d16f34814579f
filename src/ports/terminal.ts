/** The controlling terminal and its questions. @module */

import type { Secret } from "../secret.ts";

/** One entry of a menu. */
export interface Choice<T> {
  /** What the user sees. */
  name: string;
  value: T;
  /** What the answer is shown as (default: `name`). */
  short?: string;
  /** What the filter searches (default: `name`). */
  keywords?: string;
}

/** A switch beside a menu; its key works while the filter is empty. */
export interface ChoiceToggle {
  /** One lower-case letter. */
  key: string;
  /** A few words, such as "remember". */
  name: string;
  /** Called with the answer. */
  onAnswer: (on: boolean) => void;
}

export interface AskOptions {
  /** Without a colon. */
  question: string;
  /** Ends the question; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Limit, with an `InteractionError` `unanswered`. */
  timeoutMilliseconds?: number;
  /** Counted down in a question for text, milliseconds since the Unix epoch. */
  until?: number;
  /**
   * Whether Esc (`<` if `TERM` is `dumb`) goes back: the promise then rejects with an
   * `InteractionError` `step_back`. Not for menus.
   */
  canGoBack?: boolean;
}

/**
 * The controlling terminal (`/dev/tty`, `CONIN$`/`CONOUT$`), not the standard streams, which an AWS
 * SDK that runs us captures (https://github.com/boto/botocore/issues/1348). Every `ask…` rejects with
 * `InterruptedError` on Ctrl-C and leaves the terminal as it was.
 */
export interface Terminal {
  /** Whether there is a terminal and this process is in its foreground process group. */
  canAsk(): Promise<boolean>;
  /** Writes text that the user must see now. */
  write(text: string): void;
  /** An empty answer means `initial`. */
  askText(options: AskOptions & { initial?: string }): Promise<string>;
  /** Asks without ever echoing what is typed. */
  askSecret(options: AskOptions): Promise<Secret>;
  askConfirm(options: AskOptions & { initial: boolean }): Promise<boolean>;
  /** A menu; typing filters. `filter` is what it starts with. */
  askChoice<T>(
    options: AskOptions & { choices: Choice<T>[]; toggle?: ChoiceToggle; filter?: string },
  ): Promise<T>;
  /** A menu of which several entries are ticked, `ticked` at first; at least one is returned. */
  askChoices<T>(
    options: AskOptions & { choices: Choice<T>[]; ticked: readonly T[] },
  ): Promise<T[]>;
}
