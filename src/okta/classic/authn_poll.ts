import { NetworkError, SignInError } from "../../errors.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { processAuthnResponse } from "./authn.ts";
import type { AuthnTransaction } from "./authn_transaction.ts";

/** Time limit if the transaction does not end sooner, as for a push. */
const PATIENCE_MILLISECONDS = 5 * 60_000;
/** The pause if Okta names none, and the shortest: its limit is four requests a second. */
const PAUSE_MILLISECONDS = 2_000;
const SHORTEST_MILLISECONDS = 500;

/**
 * Asks again and again whether Okta has gone on by itself (POLL).
 *
 * @throws {SignInError} Okta's refusal, or `bad_answer` if there is nothing to poll.
 * @throws {NetworkError} `poll_timeout`
 */
export async function pollAuthn(
  { session: { client }, interaction }: Pick<SignInAccount, "session" | "interaction">,
  begun: AuthnTransaction,
): Promise<AuthnTransaction> {
  const { clock } = client;
  const patience = Math.min(PATIENCE_MILLISECONDS, interaction.patienceMilliseconds ?? Infinity);
  const end = clock.now() + patience;
  await interaction.say("waiting for Okta");
  let transaction = begun;
  while (transaction.status === "POLL") {
    const { next, pollMilliseconds = PAUSE_MILLISECONDS } = transaction;
    if (next === undefined) throw nothingToPoll();
    const pause = Math.max(SHORTEST_MILLISECONDS, pollMilliseconds);
    if (clock.now() + pause > end) throw notGoingOn();
    await clock.sleep(pause);
    const stateToken = transaction.stateToken ?? begun.stateToken;
    const response = await client.post(next.href, { stateToken }, { idempotent: true });
    transaction = processAuthnResponse(response, "continue the sign-in");
  }
  return transaction;
}

function nothingToPoll(): SignInError {
  return new SignInError("Okta waits for something, and does not say where to ask", {
    code: "bad_answer",
    hint: "finish the sign-in in the browser once, then try again",
  });
}

function notGoingOn(): NetworkError {
  return new NetworkError("timed out waiting for Okta", {
    code: "poll_timeout",
    hint: "try again in a few minutes; if it fails again, sign in with a browser once",
  });
}
