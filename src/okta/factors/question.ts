/**
 * The security question.
 *
 * @module
 */

import type { FactorContext } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/** How often a person may mistype the answer. */
const TRIES = 3;

/**
 * Asks the question until Okta takes the answer.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 */
export async function answerQuestion<T>({ session, interaction }: FactorContext<T>): Promise<T> {
  const { question, name } = session.authenticator;
  for (let left = TRIES;; left--) {
    const answer = await interaction.askSecret(question ?? `Answer to the ${name}`);
    const result = await session.answer({ kind: "question", answer });
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "refused" || result.reason !== "wrong" || left === 1) {
      throw unexpected(result);
    }
    await interaction.say("Okta did not accept this answer: try again");
  }
}
