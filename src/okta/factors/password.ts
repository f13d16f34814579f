/**
 * The password as a factor: proven later than at first, or once more.
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import { sendPassword } from "../sign_in/send_password.ts";
import type { FactorContext } from "./factor_context.ts";

/**
 * Answers with the stored password, else with a typed one; a refused one is not sent again.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 */
export async function answerPassword<T>(
  { account, session }: FactorContext<T>,
): Promise<T> {
  const send = (password: Secret) => session.answer({ kind: "password", password });
  return (await sendPassword(account, send)).transaction;
}
