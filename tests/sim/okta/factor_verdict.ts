/**
 * What follows from a right and from a wrong answer to a factor, whatever its kind.
 *
 * @module
 */

import type { Transaction } from "../state.ts";
import type { SimFactor } from "../world.ts";
import type { OktaContext } from "./context.ts";
import { rememberDevice } from "./devices.ts";
import { oktaError } from "./errors.ts";
import { advance } from "./transaction.ts";
import { showTransaction } from "./transaction_body.ts";

/** The cause that stands in every E0000079. */
export const ILLEGAL = "This operation is not allowed in the current authentication state.";

/** The cause of a refused code. */
export const WRONG_CODE = "Your passcode doesn't match our records. Please try again.";

/** The cause of a refused answer to a question. */
export const WRONG_ANSWER = "Your answer doesn't match our records. Please try again.";

/** A wrong answer: counts, and locks after too many. */
export function refuseFactor(
  context: OktaContext,
  transaction: Transaction,
  cause: string,
): Response {
  const { world, state } = context;
  const user = transaction.user!;
  user.failedCodes += 1;
  if (user.failedCodes < world.policy.maxFailedCodes) return oktaError(world, "E0000068", [cause]);
  user.lockedOut = true;
  state.transactions.delete(transaction.stateToken);
  return oktaError(world, "E0000069");
}

/** A right answer: the transaction goes on, and the device is remembered where that was asked. */
export function acceptFactor(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  transaction.user!.failedCodes = 0;
  transaction.done.add("factor");
  transaction.amr.add("mfa");
  transaction.amr.add(AMR[factor.factorType] ?? "otp");
  rememberDevice(context, transaction.user!);
  advance(transaction);
  return showTransaction(context, transaction);
}

/** RFC 8176's names, and Okta's own for the security question. */
const AMR: Record<string, string> = {
  question: "kba",
  push: "swk",
  sms: "sms",
  call: "tel",
  webauthn: "hwk",
  u2f: "hwk",
};
