/**
 * What is asked at the terminal elsewhere is asked on the page: one list of questions and messages
 * for all open pages.
 *
 * @module
 */

import type { Interaction } from "../../app/interaction.ts";
import { InteractionError } from "../../errors.ts";
import type { Choice } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { randomToken } from "../secret_text.ts";

/** After this time nobody is at the page. */
const PATIENCE_MILLISECONDS = 3 * 60_000;

/** Older messages make room. */
const MOST_MESSAGES = 6;

/** A question as the page shows it. */
export interface PageQuestion {
  id: string;
  text: string;
  kind: "text" | "choice";
  /** Labels of the choices; an answer is an index. */
  choices: string[];
}

interface OpenQuestion extends PageQuestion {
  answer(value: string): boolean;
}

export interface PageQuestions {
  /** The oldest open question. */
  current(): PageQuestion | undefined;
  messages(): readonly string[];
  /** The number that has to be tapped on the phone. */
  number(): string | undefined;
  say(line: string): void;
  /** Returns whether the answer fits an open question. */
  answer(id: string, value: string): boolean;
  /** Asks and tells at the page. */
  interaction(columns: number): Interaction;
  /** What only mattered while the person signed in is forgotten. */
  settle(): void;
}

/** @param onChange Called when the page has to show something else. */
export function pageQuestions(onChange: () => void): PageQuestions {
  const open: OpenQuestion[] = [];
  let messages: string[] = [];
  let number: string | undefined;
  const say = (line: string) => {
    if (line.trim() === "") return;
    messages = [...messages, showUntrusted(line.trim())].slice(-MOST_MESSAGES);
    onChange();
  };
  const ask = <T>(
    question: Pick<PageQuestion, "text" | "kind" | "choices">,
    parse: (value: string) => T | undefined,
    signal?: AbortSignal,
  ): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const id = randomToken();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      open.splice(open.findIndex((one) => one.id === id), 1);
      onChange();
    };
    const onAbort = () => {
      end();
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      end();
      reject(unanswered());
    }, PATIENCE_MILLISECONDS);
    open.push({
      ...question,
      text: showUntrusted(question.text),
      id,
      answer(value) {
        const parsed = parse(value);
        if (parsed === undefined) return false;
        end();
        resolve(parsed);
        return true;
      },
    });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener("abort", onAbort);
    onChange();
    return promise;
  };
  const choose = <T>(text: string, choices: readonly Choice<T>[]): Promise<T> =>
    ask(
      { text, kind: "choice", choices: choices.map(({ name }) => showUntrusted(name)) },
      (value) => choices[/^\d{1,4}$/.test(value) ? Number(value) : -1],
    ).then(({ value }) => value);
  return {
    current: () => open[0],
    messages: () => messages,
    number: () => number,
    say,
    answer: (id, value) => open.find((one) => one.id === id)?.answer(value) ?? false,
    settle() {
      number = undefined;
      onChange();
    },
    interaction: (columns) => ({
      foreground: true,
      plain: true,
      columns,
      color: false,
      patienceMilliseconds: PATIENCE_MILLISECONDS,
      say: (line) => Promise.resolve(say(line)),
      show(text) {
        number = /^Tap (\d{1,6}) in /.exec(text)?.[1] ?? number;
        text.split("\n").forEach(say);
        return Promise.resolve();
      },
      countDown(secondsLeft, reason) {
        if (secondsLeft > 0 && secondsLeft % 10 === 0) say(`${reason}: waiting ${secondsLeft} s`);
      },
      async askSecret(text, signal) {
        if (/pass(word|phrase)/i.test(text)) throw notHere();
        const parse = (value: string) => new Secret(value);
        return await ask({ text, kind: "text", choices: [] }, parse, signal);
      },
      askConfirm: (text) =>
        choose(text, [{ name: "Yes", value: true }, { name: "No", value: false }]),
      askChoice: choose,
      // The page asks for one; more are a matter of the terminal.
      askChoices: async (text, choices) => [await choose(text, choices)],
      canAsk: () => Promise.resolve(true),
      mayPush: () => Promise.resolve(true),
    }),
  };
}

function unanswered(): InteractionError {
  return new InteractionError("nobody answered on the page", {
    code: "unanswered",
    hint: "choose Sign in again",
  });
}

function notHere(): InteractionError {
  return new InteractionError("a password is only typed in a terminal, never on this page", {
    code: "no_input",
    hint: "run this in a terminal: okta-aws signin",
  });
}
