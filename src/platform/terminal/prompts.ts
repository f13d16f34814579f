/** The four prompts, on `@inquirer/core`; loaded at the first question. @module */

import {
  createPrompt,
  isDownKey,
  isEnterKey,
  isUpKey,
  type KeypressEvent,
  useKeypress,
  useState,
} from "@inquirer/core";
import {
  type ChoiceAnswer,
  type ChoiceConfig,
  entriesInView,
  fitName,
  matchingEntries,
  moveMark,
  parseYesNo,
  type PromptConfig,
  ROWS_IN_VIEW,
} from "./prompt_parts.ts";
import type { Prompt } from "./tty_prompt.ts";

/** The typed line; Enter has already emptied it when a handler sees that key. */
type Line = { line: string; write(text: string): void; clearLine(direction: 0): void };

/** Shown for an answered secret, hiding its length. */
const ANSWERED_SECRET = "********";

function label({ question, color }: PromptConfig): string {
  return color ? `\x1b[1m${question}\x1b[22m` : question;
}

function faint(text: string, { color }: PromptConfig): string {
  return color ? `\x1b[2m${text}\x1b[22m` : text;
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
    if (answered) return `${label(config)}: ${line === "" ? config.initial ?? "" : line}`;
    const hint = config.initial === undefined ? "" : faint(` (${config.initial})`, config);
    return `${label(config)}${hint}: ${line}`;
  },
);

/** Asks for a secret, showing a `*` for each character. */
export const secretPrompt: Prompt<string, PromptConfig> = createPrompt<string, PromptConfig>(
  (config, done) => {
    const [line, answered] = useLine(config, (typed) => {
      done(typed);
      return true;
    });
    return `${label(config)}: ${answered ? ANSWERED_SECRET : "*".repeat(line.length)}`;
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
    if (answered) return `${label(config)}: ${answer ? "yes" : "no"}`;
    return `${label(config)} ${faint(config.initial ? "(Y/n)" : "(y/N)", config)}: ${line}`;
  },
);

function entryLine(name: string, isMarked: boolean, config: PromptConfig): string {
  const text = fitName(name, config.columns - 3);
  if (!isMarked) return `  ${text}`;
  return config.color ? `\x1b[36m> ${text}\x1b[39m` : `> ${text}`;
}

function menu(
  config: ChoiceConfig,
  { matching, marked, on }: { matching: number[]; marked: number; on: boolean },
): string {
  const [start, end] = entriesInView(marked, matching.length);
  const lines = matching.slice(start, end)
    .map((entry, row) => entryLine(config.names[entry]!, start + row === marked, config));
  const { toggle } = config;
  const beside = toggle === undefined
    ? ""
    : `, ${toggle.key}: ${toggle.name}${on ? " [x]" : " [ ]"}`;
  const count = `${matching.length} of ${config.names.length}, type to filter${beside}`;
  return [...lines, faint(fitName(`  (${count})`, config.columns - 1), config)].join("\n");
}

function markStep(key: KeypressEvent): number {
  if (isUpKey(key)) return -1;
  if (isDownKey(key)) return 1;
  if (key.name === "pageup") return -ROWS_IN_VIEW;
  if (key.name === "pagedown") return ROWS_IN_VIEW;
  return 0;
}

/** A menu: typing filters, arrow keys move the mark. */
export const choicePrompt: Prompt<ChoiceAnswer, ChoiceConfig> = createPrompt<
  ChoiceAnswer,
  ChoiceConfig
>(
  (config, done) => {
    const [filter, setFilter] = useState("");
    const [marked, setMarked] = useState(0);
    const [chosen, setChosen] = useState<number | undefined>(undefined);
    const [on, setOn] = useState(false);
    const matching = matchingEntries(config.names, filter);
    useKeypress((key: KeypressEvent, readline: Line) => {
      if (chosen !== undefined) return;
      const entry = matching[marked];
      const step = markStep(key);
      if (isEnterKey(key) && entry === undefined) return readline.write(filter);
      if (isEnterKey(key)) {
        setChosen(entry);
        return done({ at: entry!, on });
      }
      // Arrow keys also walk readline's history, which must not change the filter.
      if (step !== 0) return setMarked(moveMark(marked, step, matching.length));
      if (readline.line === filter) return;
      if (filter === "" && readline.line === config.toggle?.key) {
        readline.clearLine(0);
        return setOn(!on);
      }
      config.typed.text = readline.line;
      setFilter(readline.line);
      setMarked(0);
    });
    if (chosen !== undefined) {
      return `${label(config)}: ${
        fitName(config.names[chosen]!, config.columns - config.question.length - 3)
      }`;
    }
    return [`${label(config)}: ${filter}`, menu(config, { matching, marked, on })];
  },
);
