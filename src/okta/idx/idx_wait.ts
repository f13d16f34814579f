/**
 * Okta in safe mode: it asks to wait, and goes on by itself.
 *
 * @module
 */

import { NetworkError } from "../../errors.ts";
import { processIdxResponse, submitRequest } from "./idx.ts";
import { type IdxForm, type IdxTransaction, remediation } from "./idx_transaction.ts";
import type { IdxSignIn } from "./idx_authenticate.ts";

/** How long a read-only Okta is waited for, and how long between two looks where it does not say. */
const PATIENCE_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 3_000;

/**
 * Waits, as often as Okta asks to, but not for ever.
 *
 * @param signIn The sign-in.
 * @param form `poll`.
 * @returns How the sign-in stands once Okta offers something else.
 * @throws {NetworkError} `safe_mode`
 */
export async function waitForOkta(
  { account: { client, interaction } }: Pick<IdxSignIn, "account">,
  form: IdxForm,
): Promise<IdxTransaction> {
  const { clock } = client;
  const end = clock.now() + PATIENCE_MILLISECONDS;
  await interaction.say("Okta asks to wait a moment");
  let again = form;
  while (clock.now() < end) {
    await clock.sleep(again.refresh ?? PAUSE_MILLISECONDS);
    const response = await submitRequest(client, again, {}, { idempotent: true });
    const transaction = processIdxResponse(response, "go on with the sign-in");
    const poll = remediation(transaction, "poll");
    if (poll === undefined || transaction.remediations.length > 1) return transaction;
    again = poll;
  }
  throw new NetworkError("Okta asks to wait, again and again", {
    code: "safe_mode",
    hint: "Okta has a problem of its own: try again in a few minutes",
  });
}
