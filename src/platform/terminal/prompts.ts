/** The prompts, on `@inquirer/core`; loaded at the first question. @module */

import {
  createPrompt,
  isEnterKey,
  type KeypressEvent,
  useEffect,
  useKeypress,
  useState,
} from "@inquirer/core";
import { wrapLines } from "../../wrap_text.ts";
import {
  formatCountdown,
  parseYesNo,
  type PromptConfig,
  STEP_BACK,
  yesNoQuestion,
} from "./prompt_parts.ts";
import type { Prompt } from "./tty_prompt.ts";

/** The typed line; Enter has already emptied it when a handler sees that key. */
type Line = { line: string; clearLine(direction: 0): void };

/** Shown for an answered secret, hiding its length; an empty answer shows nothing. */
const ANSWERED_SECRET = "********";

/** Shown in place of an answer after Esc. */
const BACK = "(back)";

type LineState = "open" | "answered" | "back";

type Answer<T> = T | typeof STEP_BACK;

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

/** The typed line as state. `onEnter` returns whether the line is an answer; else it is cleared. */
function useLine(
  config: PromptConfig,
  onEnter: (line: string) => boolean,
  onBack: (answer: typeof STEP_BACK) => void,
): [line: string, state: LineState] {
  const [line, setLine] = useState("");
  const [state, setState] = useState<LineState>("open");
  useKeypress((key: KeypressEvent, readline: Line) => {
    if (state !== "open") return;
    if (isEnterKey(key)) {
      if (onEnter(line)) return setState("answered");
      config.typed.text = "";
      setLine("");
      return;
    }
    if (key.name === "escape" && config.canGoBack) {
      // Esc removes what was typed first.
      if (line === "") {
        setState("back");
        return onBack(STEP_BACK);
      }
      readline.clearLine(0);
    }
    config.typed.text = readline.line;
    setLine(readline.line);
  });
  return [line, state];
}

/** ` (4:05 left)`, drawn each second; empty without a limit. */
function useTimeLeft({ until }: PromptConfig): string {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (until === undefined) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return until === undefined ? "" : ` (${formatCountdown(until - now)} left)`;
}

/** Asks for a line of text; an empty one means `initial`. */
export const textPrompt: Prompt<Answer<string>, PromptConfig & { initial?: string }> = createPrompt<
  Answer<string>,
  PromptConfig & { initial?: string }
>(
  (config, done) => {
    const [line, state] = useLine(config, (typed) => {
      done(typed === "" ? config.initial ?? "" : typed);
      return true;
    }, done);
    const left = useTimeLeft(config);
    if (state === "back") return withQuestion(config, ":", BACK);
    if (state === "answered") {
      return withQuestion(config, ":", line === "" ? config.initial ?? "" : line);
    }
    const hint = config.initial === undefined ? "" : faint(` (${config.initial})`, config);
    return withQuestion(config, `${hint}${faint(left, config)}:`, line);
  },
);

/** Asks for a secret, showing a `*` for each character. */
export const secretPrompt: Prompt<Answer<string>, PromptConfig> = createPrompt<
  Answer<string>,
  PromptConfig
>(
  (config, done) => {
    const [line, state] = useLine(config, (typed) => {
      done(typed);
      return true;
    }, done);
    if (state === "back") return withQuestion(config, ":", BACK);
    const shown = state === "answered" && line !== "" ? ANSWERED_SECRET : "*".repeat(line.length);
    return withQuestion(config, ":", shown);
  },
);

/** Asks yes or no, until the answer is one of them. */
export const confirmPrompt: Prompt<Answer<boolean>, PromptConfig & { initial: boolean }> =
  createPrompt<
    Answer<boolean>,
    PromptConfig & { initial: boolean }
  >(
    (config, done) => {
      const [isRefused, setRefused] = useState(false);
      const [line, state] = useLine(config, (typed) => {
        const answer = parseYesNo(typed, config.initial);
        if (answer === undefined) setRefused(true);
        else done(answer);
        return answer !== undefined;
      }, done);
      const answer = parseYesNo(line, config.initial);
      const [question, keys] = yesNoQuestion(config.question, config.initial);
      const shown = { ...config, question };
      if (state === "back") return withQuestion(shown, "", BACK);
      if (state === "answered") return withQuestion(shown, "", answer ? "yes" : "no");
      const asked = withQuestion(shown, ` ${faint(keys, config)}:`, line);
      return isRefused ? [asked, "Type y or n."] : asked;
    },
  );

export { choicePrompt, choicesPrompt } from "./menu_prompts.ts";
