import { NetworkError } from "../../errors.ts";
import { processIdxResponse, submitRequest } from "./idx.ts";
import { type IdxForm, type IdxTransaction, remediation } from "./idx_transaction.ts";
import type { IdxSignIn } from "./idx_authenticate.ts";

/** Time limit in safe mode, and the default poll interval. */
const PATIENCE_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 3_000;

/**
 * Polls until Okta leaves safe mode.
 *
 * @throws {NetworkError} `safe_mode`
 */
export async function waitForOkta(
  { account: { session: { client }, interaction } }: Pick<IdxSignIn, "account">,
  form: IdxForm,
): Promise<IdxTransaction> {
  const { clock } = client;
  const end = clock.now() + PATIENCE_MILLISECONDS;
  await interaction.say("waiting for Okta");
  let again = form;
  while (clock.now() < end) {
    await clock.sleep(again.refresh ?? PAUSE_MILLISECONDS);
    const response = await submitRequest(client, again, {}, { idempotent: true });
    const transaction = processIdxResponse(response, "continue the sign-in");
    const poll = remediation(transaction, "poll");
    if (poll === undefined || transaction.remediations.length > 1) return transaction;
    again = poll;
  }
  throw new NetworkError("timed out waiting for Okta", {
    code: "safe_mode",
    hint: "Okta has a temporary problem: try again in a few minutes",
  });
}
