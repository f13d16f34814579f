/**
 * `/idp/idx/authenticators/poll`, `/idp/idx/challenge/poll`: polls for the answer on the phone or
 * the click on an e-mail's link, and, if the world has one, for Okta Verify on this computer.
 */

import { oktaNow } from "../../clock.ts";
import type { PushPlan } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { authenticatorsOf } from "./authenticators.ts";
import { showIdx } from "./body.ts";
import { problem } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";
import { accept } from "./verdict.ts";

const PUSH_LIFETIME_MS = 5 * 60_000;

const APPROVED: PushPlan = { outcome: "approve", waits: 0, numbers: [] };

function planOf({ user, current }: IdxTransaction): PushPlan {
  const authenticator = authenticatorsOf(user!).find(({ key }) => key === current!.key)!;
  return authenticator.methods.get("push")?.push ?? APPROVED;
}

/** The push was rejected or timed out: the user sends it again or chooses another factor. */
async function reject(
  context: OktaContext,
  transaction: IdxTransaction,
  reason: "reject" | "timeout",
): Promise<Response> {
  transaction.current!.phase = "rejected";
  transaction.step += 1;
  delete transaction.push;
  delete transaction.number;
  // Okta's message for a timeout is not recorded; the key follows that of the rejection.
  transaction.messages = [
    reason === "reject"
      ? problem("api.authn.poll.error.push_rejected", "You have chosen to reject this login.", [])
      : problem("api.authn.poll.error.push_timeout", "Your push notification has expired.", []),
  ];
  // With an error status, Okta's Sign-In Widget would not show the form that sends it again.
  return await showIdx(context, transaction);
}

/** `challenge-poll`. */
export async function pollPush(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { push, current } = transaction;
  if (current?.method === "signed_nonce" && context.world.idx.oktaVerify?.signed) {
    return await accept(context, transaction);
  }
  if (current?.method === "signed_nonce" || !push) return await showIdx(context, transaction);
  const { outcome, waits, numbers } = planOf(transaction);
  push.polls += 1;
  const isOld = oktaNow(context.world.clock) - push.at > PUSH_LIFETIME_MS;
  const ends = outcome !== "wait" && push.polls > waits;
  if (isOld || ends && outcome === "timeout") return await reject(context, transaction, "timeout");
  if (ends && outcome === "reject") return await reject(context, transaction, "reject");
  if (ends) return await accept(context, transaction);
  const number = numbers[Math.min(push.polls, numbers.length) - 1];
  if (number === undefined) delete transaction.number;
  else transaction.number = number;
  return await showIdx(context, transaction);
}

/** `poll` of an e-mail: whether its link was clicked. */
export async function pollEmail(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const factor = transaction.user!.factors.find(({ factorType }) => factorType === "email");
  if (!factor?.linkClicked) return await showIdx(context, transaction);
  delete factor.linkClicked;
  return await accept(context, transaction);
}

/** `cancel-polling`: Okta Verify was not found. */
export async function stopProbing(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  transaction.done.add("probe");
  transaction.step += 1;
  if (transaction.current?.method === "signed_nonce") delete transaction.current;
  return await showIdx(context, transaction);
}
