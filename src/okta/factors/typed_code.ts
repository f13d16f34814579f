/**
 * A code that a person reads off a device, or that a device types: nothing is sent before it.
 *
 * @module
 */

import { Secret } from "../../secret.ts";
import type { FactorContext } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/** How often a person may mistype a code; Okta locks after five wrong ones by default. */
const TRIES = 3;

/** New PIN, its repetition, the next code, and a mistake or two in between. */
const PIN_STEPS = 6;

/**
 * Asks for a code until Okta takes one. An RSA server that wants a new PIN is passed on in its words.
 *
 * @param context The factor and who answers it.
 * @param tries How often a wrong one may be typed.
 * @returns The transaction as it goes on.
 */
export async function answerTypedCode<T>(
  { session, interaction }: FactorContext<T>,
  tries: number = TRIES,
): Promise<T> {
  let question = `Okta asks for the ${session.authenticator.name}`;
  let wrong = 0;
  for (let step = 0;; step++) {
    const passCode = withoutBlanks(await interaction.askSecret(question));
    const result = await session.answer({ kind: "code", passCode });
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
        : "Okta did not accept this code: try again",
    );
  }
}

/**
 * A code as it is sent: apps show it in groups.
 *
 * @param typed What was typed.
 * @returns It, without blanks.
 */
export function withoutBlanks(typed: Secret): Secret {
  return new Secret(typed.reveal().replace(/\s/g, ""));
}
