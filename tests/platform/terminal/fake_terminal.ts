/** A terminal whose answers are known before. @module */

import type { Terminal } from "../../../src/ports.ts";
import { Secret } from "../../../src/secret.ts";

/** What backends use of a terminal, and what was asked on it. */
export interface FakeTerminal extends Pick<Terminal, "canAsk" | "askSecret" | "write"> {
  /** The questions, in order. */
  questions: string[];
}

/**
 * Makes a terminal that gives these answers, one a question.
 *
 * @param answers The answers; without any, nobody can be asked.
 * @returns The terminal.
 */
export function fakeTerminal(...answers: string[]): FakeTerminal {
  const questions: string[] = [];
  const left = [...answers];
  return {
    questions,
    canAsk: () => Promise.resolve(answers.length > 0),
    askSecret: ({ question }) => {
      questions.push(question);
      const answer = left.shift();
      if (answer === undefined) return Promise.reject(new Error("asked too often"));
      return Promise.resolve(new Secret(answer));
    },
    write: () => {},
  };
}
