/** The program on a pseudo-terminal, as a person sees it. @module */

import { ignoreWithout } from "../real/programs.ts";
import { startOnTerminal } from "../real/pseudo_terminal.ts";
import { type Home, programCommand, programEnvironment } from "./program.ts";

/** Whether tests that need a pseudo-terminal are skipped. */
export const ignorePty: boolean = Deno.build.os !== "linux" ||
  ignoreWithout("script", "stty", "timeout");

/** A program that runs on a terminal. */
export interface ProgramOnTerminal {
  /** Waits until this has been shown (since the last wait). */
  until(text: string): Promise<void>;
  /** Types keys; `\r` is Enter. */
  type(keys: string): Promise<void>;
  /**
   * Waits until a question has been put, then types its answer and Enter, and waits for its end: each
   * key draws the question again, and between two questions the terminal echoes what is typed.
   */
  answer(question: string, answer: string): Promise<void>;
  /** Waits for the end; gives the exit code and all that was ever shown. */
  end(): Promise<{ code: number; shown: string }>;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A run that takes longer hangs; seconds. */
const PATIENCE = "120";

/** The terminal's mode for pasting goes off when a question is over. */
const QUESTION_OVER = "\x1b[?2004l";

/** How the program is started in a shell: in place of `$PROGRAM`. */
const PLAIN = "exec $PROGRAM";

/**
 * Starts the program on a terminal of its own.
 *
 * @param home Where.
 * @param args The arguments.
 * @param options More variables, and the shell's command line, with `$PROGRAM` for the program.
 * @returns The running program.
 */
export async function runOnTerminal(
  home: Home,
  args: readonly string[],
  options: { env?: Record<string, string>; shell?: string } = {},
): Promise<ProgramOnTerminal> {
  const { env = {}, shell = PLAIN } = options;
  const words = ["timeout", "--foreground", PATIENCE, ...programCommand(), ...args];
  const command = words.map(quote).join(" ");
  const terminal = startOnTerminal(
    shell.replaceAll("$PROGRAM", () => command),
    await programEnvironment(home.folder, { TERM: "xterm", ...home.env, ...env }),
  );
  let shown = "";
  const until = async (text: string) => void (shown += await terminal.until(text));
  return {
    until,
    type: (keys) => terminal.type(keys),
    async answer(question, answer) {
      await until(question);
      await terminal.type(`${answer}\r`);
      if (env.TERM !== "dumb") await until(QUESTION_OVER);
    },
    async end() {
      const { code, text } = await terminal.end();
      return { code, shown: shown + text };
    },
  };
}
