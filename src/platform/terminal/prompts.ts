/** The prompts, on `@inquirer/core`; loaded at the first question. @module */

import {
  createPrompt,
  isEnterKey,
  type KeypressEvent,
  useKeypress,
  useState,
} from "@inquirer/core";
import { wrapLines } from "../../wrap_text.ts";
import { parseYesNo, type PromptConfig, yesNoQuestion } from "./prompt_parts.ts";
import type { Prompt } from "./tty_prompt.ts";

/** The typed line; Enter has already emptied it when a handler sees that key. */
type Line = { line: string; write(text: string): void };

/** Shown for an answered secret, hiding its length; an empty answer shows nothing. */
const ANSWERED_SECRET = "********";

function label({ question, color }: PromptConfig): string {
  return color ? `\x1b[1m${question}\x1b[22m` : question;
}

function faint(text: string, { color }: PromptConfig): string {
  return color ? `\x1b[2m${text}\x1b[22m` : text;
}

/** A question that is too long wraps at words; what is typed does not. */
function withQuestion(config: PromptConfig, end: string, typed: string): string {
  return `${wrapLines(label(config) + end, config.columns - 1)} ${typed}`;
}

/** The typed line as state. `onEnter` returns whether the line is an answer. */
function useLine(config: PromptConfig, onEnter: (line: string) => boolean): [string, boolean] {
  const [line, setLine] = useState("");
  const [answered, setAnswered] = useState(false);
  useKeypress((key: KeypressEvent, readline: Line) => {
    if (answered) return;
    if (isEnterKey(key)) {
      if (onEnter(line)) setAnswered(true);
      else readline.write(line);
      return;
    }
    config.typed.text = readline.line;
    setLine(readline.line);
  });
  return [line, answered];
}

/** Asks for a line of text; an empty one means `initial`. */
export const textPrompt: Prompt<string, PromptConfig & { initial?: string }> = createPrompt<
  string,
  PromptConfig & { initial?: string }
>(
  (config, done) => {
    const [line, answered] = useLine(config, (typed) => {
      done(typed === "" ? config.initial ?? "" : typed);
      return true;
    });
    if (answered) return withQuestion(config, ":", line === "" ? config.initial ?? "" : line);
    const hint = config.initial === undefined ? "" : faint(` (${config.initial})`, config);
    return withQuestion(config, `${hint}:`, line);
  },
);

/** Asks for a secret, showing a `*` for each character. */
export const secretPrompt: Prompt<string, PromptConfig> = createPrompt<string, PromptConfig>(
  (config, done) => {
    const [line, answered] = useLine(config, (typed) => {
      done(typed);
      return true;
    });
    const shown = answered && line !== "" ? ANSWERED_SECRET : "*".repeat(line.length);
    return withQuestion(config, ":", shown);
  },
);

/** Asks yes or no, until the answer is one of them. */
export const confirmPrompt: Prompt<boolean, PromptConfig & { initial: boolean }> = createPrompt<
  boolean,
  PromptConfig & { initial: boolean }
>(
  (config, done) => {
    const [line, answered] = useLine(config, (typed) => {
      const answer = parseYesNo(typed, config.initial);
      if (answer !== undefined) done(answer);
      return answer !== undefined;
    });
    const answer = parseYesNo(line, config.initial);
    const [question, keys] = yesNoQuestion(config.question, config.initial);
    const shown = { ...config, question };
    if (answered) return withQuestion(shown, "", answer ? "yes" : "no");
    return withQuestion(shown, ` ${faint(keys, config)}:`, line);
  },
);

export { choicePrompt, choicesPrompt } from "./menu_prompts.ts";
