/** Push: sending, polling, the answer on the phone, the number challenge. */

import { oktaNow } from "../../clock.ts";
import type { Transaction } from "../../state.ts";
import type { PushPlan, SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { acceptFactor } from "./factor_verdict.ts";
import { showTransaction } from "./transaction_body.ts";

const PUSH_LIFETIME_MS = 5 * 60_000;

const APPROVED: PushPlan = { outcome: "approve", waits: 0, numbers: [] };

/** Sends a push, the first one or a new one. */
export function sendPush(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  const at = oktaNow(context.world.clock);
  const { login } = transaction.user!;
  context.state.inbox.push({
    channel: "push",
    login,
    factorId: factor.id,
    code: undefined,
    at,
  });
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factor.id;
  transaction.factorResult = "WAITING";
  transaction.push = { at, polls: 0 };
  delete transaction.challenge;
  return showTransaction(context, transaction);
}

function endPush(
  context: OktaContext,
  transaction: Transaction,
  result: "REJECTED" | "TIMEOUT",
): Response {
  transaction.factorResult = result;
  delete transaction.push;
  // A recorded rejection has null here; clients that look for a challenge must handle it.
  transaction.challenge = { embedded: { verification: null } };
  return showTransaction(context, transaction);
}

/** `{stateToken}` again after the push was sent. */
function pollPush(context: OktaContext, transaction: Transaction, factor: SimFactor): Response {
  const { outcome, waits, numbers } = factor.push ?? APPROVED;
  const push = transaction.push!;
  push.polls += 1;
  const isOld = oktaNow(context.world.clock) - push.at > PUSH_LIFETIME_MS;
  const ends = outcome !== "wait" && push.polls > waits;
  if (isOld || ends && outcome === "timeout") return endPush(context, transaction, "TIMEOUT");
  if (ends && outcome === "reject") return endPush(context, transaction, "REJECTED");
  if (ends) return acceptFactor(context, transaction, factor);
  const correctAnswer = numbers[Math.min(push.polls, numbers.length) - 1];
  if (correctAnswer === undefined) delete transaction.challenge;
  else transaction.challenge = { embedded: { challenge: { correctAnswer } } };
  return showTransaction(context, transaction);
}

/** Sends the push, polls it, or sends it again after it ended; all are the same request. */
export function verifyPush(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  return transaction.factorId === factor.id && transaction.push !== undefined
    ? pollPush(context, transaction, factor)
    : sendPush(context, transaction, factor);
}
