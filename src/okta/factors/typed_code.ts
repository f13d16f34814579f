/**
 * Factors whose answer is only typed, and nothing is sent before: the code of a device, or the answer
 * to the security question.
 *
 * @module
 */

import { Secret } from "../../secret.ts";
import type { Authenticator } from "./authenticator.ts";
import type { FactorContext } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/** How often a person may mistype; Okta locks after five wrong codes by default. */
const TRIES = 3;

/** New PIN, its repetition, the next code, and a mistake or two in between. */
const PIN_STEPS = 6;

/**
 * Asks for a code until Okta takes one. The question of an RSA server that wants a new PIN is asked in
 * its own words.
 *
 * @param tries How often a wrong code may be typed.
 */
export async function answerTypedCode<T>(
  { factor, interaction }: FactorContext<T>,
  tries: number = TRIES,
): Promise<T> {
  let question = promptFor(factor.authenticator);
  // What an RSA server takes contains the PIN.
  const isShown = factor.authenticator.provider !== "RSA";
  let wrong = 0;
  for (let step = 0;; step++) {
    const passCode = withoutBlanks(
      await interaction.askSecret(question, undefined, { echo: isShown }),
    );
    const result = await factor.answer({ kind: "code", passCode });
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "refused" || step === PIN_STEPS) throw unexpected(result);
    if (result.reason === "new_pin") {
      question = result.says;
      continue;
    }
    wrong += 1;
    if (!["wrong", "used"].includes(result.reason) || wrong === tries) throw result.error;
    await interaction.say(
      result.reason === "used"
        ? "this code has been used: wait for the next one"
        : "wrong code: try again",
    );
  }
}

/** Asks the security question until Okta takes the answer. */
export async function answerQuestion<T>({ factor, interaction }: FactorContext<T>): Promise<T> {
  const { question, name } = factor.authenticator;
  for (let left = TRIES;; left--) {
    const answer = await interaction.askSecret(question ?? `Answer to the ${name}`);
    const result = await factor.answer({ kind: "question", answer });
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "refused" || result.reason !== "wrong" || left === 1) {
      throw unexpected(result);
    }
    await interaction.say("wrong answer: try again");
  }
}

function promptFor({ factorType, name }: Authenticator): string {
  if (factorType === "token:hardware") return "Touch your YubiKey";
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
}

/** A code as it is sent: apps show it in groups. */
export function withoutBlanks(typed: Secret): Secret {
  return new Secret(typed.reveal().replace(/\s/g, ""));
}
