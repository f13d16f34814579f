/**
 * How a command tells and asks the person. A foreground command writes to standard error; a
 * background one (`cred-process`: SDKs swallow its standard error) to the terminal itself.
 *
 * @module
 */

import type { Choice, ChoiceToggle } from "../ports.ts";
import type { Secret } from "../secret.ts";

/** Says and asks. */
export interface Interaction {
  /** Whether a person started this very command and waits for it. */
  readonly foreground: boolean;
  /** Whether pictures made of characters are of no use: a terminal that can't draw, a screen reader. */
  readonly plain: boolean;
  /** Columns of the terminal. */
  readonly columns: number;
  /** Whether colours may be set. */
  readonly color: boolean;
  /** Tells the person something that they need not act on. */
  say(line: string): Promise<void>;
  /** Shows what the person has to see now: at the terminal itself where there is one. */
  show(text: string): Promise<void>;
  /** Counts down while nothing can be done; the last call has 0. */
  countDown(secondsLeft: number, reason: string): void;
  /**
   * Asks for a secret.
   *
   * @param question What stands in front of the answer.
   * @param signal Ends the question early: the promise then rejects with its reason.
   * @throws {InteractionError} `no_terminal`, `no_input`, `unanswered`
   */
  askSecret(question: string, signal?: AbortSignal): Promise<Secret>;
  /** Asks yes or no; rejects as {@linkcode Interaction.askSecret} does. */
  askConfirm(question: string, initial: boolean): Promise<boolean>;
  /** Asks to choose one of several; rejects as {@linkcode Interaction.askSecret} does. */
  askChoice<T>(question: string, choices: Choice<T>[], toggle?: ChoiceToggle): Promise<T>;
  /** Whether a question would reach anybody. */
  canAsk(): Promise<boolean>;
  /**
   * Whether a push may be sent: to a person who is at the terminal or has started this very command,
   * never as a surprise (`--no-input`, `interactive`).
   */
  mayPush(): Promise<boolean>;
  /** How long a person may take to answer, milliseconds; as long as it takes where it is undefined. */
  readonly patienceMilliseconds: number | undefined;
}
