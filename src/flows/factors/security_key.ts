/**
 * Security keys.
 *
 * @module
 */

import { onlyInBrowser } from "./factor_errors.ts";
import type { FactorContext } from "./factor_context.ts";

/**
 * Answers a security key.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 */
export function answerSecurityKey<T>({ session }: FactorContext<T>): Promise<T> {
  return Promise.reject(onlyInBrowser([session.authenticator]));
}
