/**
 * The prompts for terminals that can't redraw (`TERM=dumb`): lines of text, no escapes.
 *
 * @module
 */

import {
  type ChoiceAnswer,
  type ChoiceConfig,
  type ChoicesConfig,
  matchingEntries,
  parseYesNo,
  type PromptConfig,
  STEP_BACK,
  yesNoQuestion,
} from "./prompt_parts.ts";
import { wrapLines } from "../../wrap_text.ts";
import type { PromptStreams } from "./tty_prompt.ts";

/**
 * Applies keys to a line: backspace removes a character, Ctrl-U all; other control keys do nothing.
 */
export function editLine(line: string, keys: string): string {
  let characters = [...line];
  // deno-lint-ignore no-control-regex -- what a terminal sends for arrow and function keys
  for (const key of keys.replaceAll(/\x1b(\[[0-9;]*[A-Za-z~]|O.)?/g, "")) {
    if (key === "\x7f" || key === "\b") characters.pop();
    else if (key === "\x15") characters = [];
    else if (key >= " ") characters.push(key);
  }
  return characters.join("");
}

/** Reads one line; `show` returns what to write when it changes. */
function readLine(
  { input, output, signal, typed }: PromptStreams,
  show: (before: string, after: string) => string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    let line = "";
    const finish = (settle: () => void): void => {
      input.removeListener("data", onKeys);
      signal.removeEventListener("abort", onAbort);
      typed.text = "";
      output.write("\r\n");
      settle();
    };
    const onAbort = (): void => finish(() => reject(signal.reason));
    const onKeys = (bytes: Uint8Array): void => {
      const keys = new TextDecoder().decode(bytes);
      if (keys === "\r" || keys === "\n") return finish(() => resolve(line));
      if (keys === "\x03") return finish(() => reject(new DOMException("", "ExitPromptError")));
      const before = line;
      typed.text = line = editLine(line, keys);
      output.write(show(before, line));
    };
    if (signal.aborted) return reject(signal.reason);
    signal.addEventListener("abort", onAbort);
    input.on("data", onKeys);
  });
}

/** Turns one echoed line into another, using only backspaces. */
function echo(before: string, after: string): string {
  const [old, now] = [[...before], [...after]];
  let same = 0;
  while (same < old.length && old[same] === now[same]) same++;
  return "\b \b".repeat(old.length - same) + now.slice(same).join("");
}

/** Raw mode: a line end is both characters. */
function wrapped(question: string, { columns }: PromptConfig): string {
  return wrapLines(question, columns).replaceAll("\n", "\r\n");
}

function isBack(typed: string, { canGoBack }: PromptConfig): boolean {
  return canGoBack === true && typed.trim() === "<";
}

/** Asks for a line of text; an empty one means `initial`. */
export async function textPrompt(
  config: PromptConfig & { initial?: string },
  streams: PromptStreams,
): Promise<string | typeof STEP_BACK> {
  const hint = config.initial === undefined ? "" : ` (${config.initial})`;
  streams.output.write(wrapped(`${config.question}${hint}: `, config));
  const typed = await readLine(streams, echo);
  if (isBack(typed, config)) return STEP_BACK;
  return typed || (config.initial ?? "");
}

/** Asks for a secret, without echo. */
export async function secretPrompt(
  config: PromptConfig,
  streams: PromptStreams,
): Promise<string | typeof STEP_BACK> {
  streams.output.write(wrapped(`${config.question}: `, config));
  const typed = await readLine(streams, () => "");
  return isBack(typed, config) ? STEP_BACK : typed;
}

/** Asks yes or no, until the answer is one of them. */
export async function confirmPrompt(
  config: PromptConfig & { initial: boolean },
  streams: PromptStreams,
): Promise<boolean | typeof STEP_BACK> {
  for (;;) {
    const question = `${yesNoQuestion(config.question, config.initial).join(" ")}: `;
    streams.output.write(wrapped(question, config));
    const typed = await readLine(streams, echo);
    if (isBack(typed, config)) return STEP_BACK;
    const answer = parseYesNo(typed, config.initial);
    if (answer !== undefined) return answer;
    streams.output.write("Type y or n.\r\n");
  }
}

/** The index of the entry chosen by number, or by text that only one entry contains. */
export function parseChoice(names: readonly string[], typed: string): number | undefined {
  const number = /^\d+$/.test(typed.trim()) ? Number(typed) : 0;
  if (number >= 1 && number <= names.length) return number - 1;
  const matching = typed.trim() === "" ? [] : matchingEntries(names, typed);
  return matching.length === 1 ? matching[0] : undefined;
}

/** Removes a switch's key from the typed text: `r2` is 2 with the switch `r` on. */
export function takeToggle(typed: string, key: string | undefined): { rest: string; on: boolean } {
  const match = key === undefined ? null : /^\s*(\w)\s*(\d+)\s*$/.exec(typed);
  return match?.[1]?.toLowerCase() === key && match !== null
    ? { rest: match[2]!, on: true }
    : { rest: typed, on: false };
}

/** A numbered menu, of the entries that match the filter. */
export async function choicePrompt(
  config: ChoiceConfig,
  streams: PromptStreams,
): Promise<ChoiceAnswer> {
  const { question, toggle, filter = "" } = config;
  const shown = matchingEntries(config.entries.map(({ keywords }) => keywords), filter);
  const entries = shown.map((index) => config.entries[index]!);
  entries.forEach(({ name }, at) => streams.output.write(`${at + 1}) ${name}\r\n`));
  const beside = toggle === undefined ? "" : `; ${toggle.key}1 to ${toggle.name}`;
  for (;;) {
    streams.output.write(wrapped(`${question} (number or part of the name${beside}): `, config));
    const { rest, on } = takeToggle(await readLine(streams, echo), toggle?.key);
    const at = parseChoice(entries.map(({ keywords }) => keywords), rest);
    if (at !== undefined) return { at: shown[at]!, on };
  }
}

/**
 * The indexes that `1,3-5` or a part of names means.
 *
 * @returns None if a number is out of range or nothing matches.
 */
export function parseChoices(texts: readonly string[], typed: string): number[] {
  const text = typed.trim();
  if (text === "all") return [...texts.keys()];
  if (!/^\d+(?:-\d+)?(?:[\s,]+\d+(?:-\d+)?)*$/.test(text)) {
    return text === "" ? [] : matchingEntries(texts, text);
  }
  const indexes = text.split(/[\s,]+/).flatMap((part) => {
    const [from = 0, to = from] = part.split("-").map(Number);
    const count = Math.min(Math.max(to - from + 1, 0), texts.length + 1);
    return Array.from({ length: count }, (_, at) => from - 1 + at);
  });
  const isValid = indexes.every((index) => index >= 0 && index < texts.length);
  return isValid ? [...new Set(indexes)] : [];
}

/** A numbered list of which entries are ticked by number, until an empty line confirms. */
export async function choicesPrompt(
  config: ChoicesConfig,
  streams: PromptStreams,
): Promise<number[]> {
  const ticked = new Set(config.ticked);
  const texts = config.entries.map(({ keywords }) => keywords);
  const show = () =>
    config.entries.forEach(({ name }, at) =>
      streams.output.write(`${at + 1}) ${ticked.has(at) ? "[x]" : "[ ]"} ${name}\r\n`)
    );
  show();
  for (;;) {
    const how = "numbers to change: 1,3-5, all or part of a name; empty: done";
    streams.output.write(wrapped(`${config.question} (${how}): `, config));
    const typed = await readLine(streams, echo);
    if (typed.trim() === "" && ticked.size > 0) return [...ticked].sort((a, b) => a - b);
    const some = parseChoices(texts, typed);
    if (some.length === 0) {
      streams.output.write(typed.trim() === "" ? "nothing selected\r\n" : "no such entry\r\n");
      continue;
    }
    const isAll = some.every((index) => ticked.has(index));
    for (const index of some) isAll ? ticked.delete(index) : ticked.add(index);
    show();
  }
}
