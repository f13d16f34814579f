/**
 * Who can be told and asked while a command works. A foreground command speaks on standard error; a
 * background one (`cred-process`, run by an SDK that swallows that) speaks at the terminal itself.
 *
 * @module
 */

import { InteractionError } from "../errors.ts";
import type { Terminal } from "../ports.ts";
import type { Secret } from "../secret.ts";
import type { Program } from "./program.ts";

/** How long a background command waits for an answer (docs/cli, "Output"). */
const BACKGROUND_ANSWER_MILLISECONDS = 60_000;

/** Says and asks. */
export interface Conversation {
  /** Whether a person started this very command and waits for it. */
  readonly foreground: boolean;
  /** Tells the person something that they need not act on. */
  say(line: string): Promise<void>;
  /**
   * Asks for a secret.
   *
   * @param question What stands in front of the answer.
   * @throws {InteractionError} `no_terminal`, `no_input`, `unanswered`
   */
  askSecret(question: string): Promise<Secret>;
  /** Whether a question would reach anybody. */
  canAsk(): Promise<boolean>;
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
 * @returns The conversation.
 */
export function openConversation(
  program: Program,
  kind: "foreground" | "background",
): Conversation {
  const { ports, flags, settings } = program;
  const foreground = kind === "foreground";
  const silent = flags.noInput === true ||
    (!foreground && settings.program.interactive === "never");
  const reachable = async (): Promise<Terminal | undefined> => {
    if (silent) return undefined;
    const terminal = await ports.terminal();
    return await terminal.canAsk() ? terminal : undefined;
  };
  return {
    foreground,
    canAsk: async () => await reachable() !== undefined,
    async say(line) {
      if (flags.quiet) return;
      if (foreground) return ports.output.notice(`${line}\n`);
      (await reachable())?.write(`okta-aws: ${line}\n`);
    },
    async askSecret(question) {
      const terminal = await reachable();
      if (terminal === undefined) throw nobody(program, question);
      const timeoutMilliseconds = BACKGROUND_ANSWER_MILLISECONDS;
      return await terminal.askSecret(
        foreground ? { question } : { question, timeoutMilliseconds },
      );
    },
  };
}
