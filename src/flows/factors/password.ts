/**
 * The password as a factor: proven once more.
 *
 * @module
 */

import type { FactorContext } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/**
 * Answers with the stored password, else with a typed one; a refused one is not sent again.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 */
export async function answerPassword<T>(
  { account, session, conversation }: FactorContext<T>,
): Promise<T> {
  const stored = (await account.secrets()).password;
  const password = stored ?? await conversation.askSecret("Okta asks for your password once more");
  const result = await session.answer({ kind: "password", password });
  if (result.kind === "next") return result.transaction;
  throw unexpected(result);
}
