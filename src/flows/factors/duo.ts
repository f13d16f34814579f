/**
 * Duo.
 *
 * @module
 */

import { onlyInBrowser } from "./factor_errors.ts";
import type { FactorContext } from "./factor_context.ts";

/**
 * Answers Duo.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 */
export function answerDuo<T>({ session }: FactorContext<T>): Promise<T> {
  return Promise.reject(onlyInBrowser([session.authenticator]));
}
