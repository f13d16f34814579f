import type { Choice, ChoiceToggle } from "../ports.ts";
import type { Activity } from "./activity.ts";
import type { Secret } from "../secret.ts";

/** How a secret is typed. */
export interface TypedSecret {
  /** Shows what is typed: a one-time code, which is of no use to anyone later. */
  echo?: boolean;
  /** When an answer is of no use any more, milliseconds since the Unix epoch: counted down. */
  until?: number | undefined;
}

/**
 * How a command tells and asks the user. A foreground command writes to standard error; a background
 * one (`cred-process`: SDKs swallow its standard error) to the terminal itself.
 */
export interface Interaction {
  /** Whether the user started this command and waits for it. */
  readonly foreground: boolean;
  /** No pictures made of characters: for TERM=dumb and screen readers. */
  readonly plain: boolean;
  readonly columns: number;
  /** Whether to print colours. */
  readonly color: boolean;
  /** Tells something that needs no action; silent with `--quiet`. */
  say(line: string): Promise<void>;
  /** Shows what the user has to see now: on the terminal itself if there is one. */
  show(text: string): Promise<void>;
  /** Counts down while okta-aws waits; the last call has 0. */
  countDown(secondsLeft: number, reason: string): void;
  /** What the program waits for, on a line that disappears; nothing with `--quiet`. */
  readonly activity?: Activity;
  /**
   * @param signal Cancels the question: the promise rejects with its reason.
   * @param typed How it is typed; without echo by default.
   * @throws {InteractionError} `no_terminal`, `no_input`, `unanswered`
   */
  askSecret(question: string, signal?: AbortSignal, typed?: TypedSecret): Promise<Secret>;
  /** Yes or no; rejects as {@linkcode Interaction.askSecret} does. */
  askConfirm(question: string, initial: boolean): Promise<boolean>;
  /** One of several; rejects as {@linkcode Interaction.askSecret} does. */
  askChoice<T>(question: string, choices: Choice<T>[], toggle?: ChoiceToggle): Promise<T>;
  /** At least one of several; rejects as {@linkcode Interaction.askSecret} does. */
  askChoices<T>(question: string, choices: Choice<T>[]): Promise<T[]>;
  /** Whether there is a terminal to ask on. */
  canAsk(): Promise<boolean>;
  /**
   * Whether a push may be sent: only to a user who is at the terminal or started this command, so
   * that it is never a surprise (`--no-input`, `interactive`).
   */
  mayPush(): Promise<boolean>;
  /** The time limit for an answer; `undefined` for none. */
  readonly patienceMilliseconds: number | undefined;
}
