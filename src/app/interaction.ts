/**
 * Who can be told and asked while a command works. A foreground command speaks on standard error; a
 * background one (`cred-process`, run by an SDK that swallows that) speaks at the terminal itself.
 *
 * @module
 */

import { InteractionError } from "../errors.ts";
import type { Choice, ChoiceToggle, Terminal } from "../ports.ts";
import type { Secret } from "../secret.ts";
import type { Program } from "./context.ts";

/** How long a background command waits for an answer (docs/cli, "Output"). */
const BACKGROUND_ANSWER_MILLISECONDS = 60_000;

/** Says and asks. */
export interface Conversation {
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
  /** Asks yes or no; rejects as {@linkcode Conversation.askSecret} does. */
  askConfirm(question: string, initial: boolean): Promise<boolean>;
  /** Asks to choose one of several; rejects as {@linkcode Conversation.askSecret} does. */
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

function nobody(program: Program, question: string): InteractionError {
  const noInput = program.flags.noInput === true;
  return new InteractionError(
    `somebody has to answer (${question}) and ${noInput ? "--no-input forbids it" : "nobody can"}`,
    {
      code: noInput ? "no_input" : "no_terminal",
      hint: "run this in a terminal: okta-aws signin",
    },
  );
}

/**
 * The conversation of a command.
 *
 * @param program The run.
 * @param kind `foreground` for commands that people type, `background` for those that SDKs and
 * kubectl start; the setting `interactive` governs the latter alone.
 * @param mayAsk Whether whoever started this lets it ask: kubectl may not (`KUBERNETES_EXEC_INFO`).
 * @returns The conversation.
 */
export function openConversation(
  program: Program,
  kind: "foreground" | "background",
  mayAsk = true,
): Conversation {
  const { ports, flags, settings } = program;
  const foreground = kind === "foreground";
  const interactive = foreground ? "always" : settings.program.interactive ?? "tty";
  const silent = flags.noInput === true || interactive === "never";
  const patience = foreground ? undefined : BACKGROUND_ANSWER_MILLISECONDS;
  const limit = patience === undefined ? {} : { timeoutMilliseconds: patience };
  const reachable = async (): Promise<Terminal | undefined> => {
    if (silent || !mayAsk) return undefined;
    const terminal = await ports.terminal();
    return await terminal.canAsk() ? terminal : undefined;
  };
  const asker = async (question: string): Promise<Terminal> => {
    const terminal = await reachable();
    if (terminal === undefined) throw nobody(program, question);
    return terminal;
  };
  const say = async (line: string): Promise<void> => {
    if (flags.quiet) return;
    if (foreground) return ports.output.notice(`${line}\n`);
    (await reachable())?.write(`okta-aws: ${line}\n`);
  };
  return {
    foreground,
    plain: ports.environment.get("TERM") === "dumb",
    columns: ports.output.columns,
    color: flags.noColor !== true && ports.environment.get("NO_COLOR") === undefined,
    patienceMilliseconds: patience,
    canAsk: async () => await reachable() !== undefined,
    mayPush: async () => !silent && (interactive === "always" || await reachable() !== undefined),
    say,
    async show(text) {
      const terminal = await reachable();
      if (terminal !== undefined) terminal.write(text);
      else if (foreground) ports.output.notice(text);
    },
    countDown: counter(program, foreground, say),
    async askSecret(question, signal) {
      const terminal = await asker(question);
      const end = signal === undefined ? {} : { signal };
      return await terminal.askSecret({ question, ...limit, ...end });
    },
    async askConfirm(question, initial) {
      const terminal = await asker(question);
      return await terminal.askConfirm({ question, initial, ...limit });
    },
    async askChoice(question, choices, toggle) {
      const terminal = await asker(question);
      const beside = toggle === undefined ? {} : { toggle };
      return await terminal.askChoice({ question, choices, ...limit, ...beside });
    },
  };
}

/** One line that is drawn over where the terminal can do that; elsewhere a line every ten seconds. */
function counter(
  { ports: { output, environment }, flags }: Program,
  foreground: boolean,
  say: (line: string) => Promise<void>,
): Conversation["countDown"] {
  const redraws = foreground && output.noticeIsTerminal && environment.get("TERM") !== "dumb";
  let first = true;
  return (secondsLeft, reason) => {
    if (redraws && !flags.quiet) {
      const line = secondsLeft === 0 ? "" : `${reason}: waiting ${secondsLeft} s`;
      return output.notice(`\r\x1b[K${line}`);
    }
    if (secondsLeft > 0 && (first || secondsLeft % 10 === 0)) {
      void say(`${reason}: waiting ${secondsLeft} s`);
    }
    first = secondsLeft === 0;
  };
}
