/**
 * What follows from a right and from a wrong answer to a factor, whatever its kind.
 *
 * @module
 */

import type { Transaction } from "../../state.ts";
import type { SimFactor, SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
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

/** Remembers the device where `?rememberDevice=true` asks for it and the policy allows it. */
export function rememberDevice({ world, state, request }: OktaContext, user: SimUser): void {
  const device = request.cookies.get("DT");
  const asked = request.query.get("rememberDevice") === "true";
  if (!asked || !world.policy.allowRememberDevice || device === undefined) return;
  const users = state.rememberedDevices.get(device) ?? new Set();
  state.rememberedDevices.set(device, users.add(user.id));
}

/** @returns Whether the request comes from a device on which the person's factor is remembered. */
export function isRemembered({ state, request }: OktaContext, user: SimUser): boolean {
  const users = state.rememberedDevices.get(request.cookies.get("DT") ?? "");
  return users?.has(user.id) === true;
}
