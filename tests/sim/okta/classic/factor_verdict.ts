/** What happens after a right or wrong answer to a factor of any type. */

import type { Transaction } from "../../state.ts";
import type { SimFactor, SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { advance } from "./transaction.ts";
import { showTransaction } from "./transaction_body.ts";

/** The cause in every E0000079. */
export const ILLEGAL = "This operation is not allowed in the current authentication state.";

/** The cause when a code is rejected. */
export const WRONG_CODE = "Your passcode doesn't match our records. Please try again.";

/** The cause when an answer to a question is rejected. */
export const WRONG_ANSWER = "Your answer doesn't match our records. Please try again.";

/** Counts a wrong answer; too many lock the account. */
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

/** Continues the transaction after a right answer; remembers the device if requested. */
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

/** Names of RFC 8176, and Okta's own for the security question. */
const AMR: Record<string, string> = {
  question: "kba",
  push: "swk",
  sms: "sms",
  call: "tel",
  webauthn: "hwk",
  u2f: "hwk",
};

/** Remembers the device (its `DT` cookie) if `?rememberDevice=true` is sent and the policy allows it. */
export function rememberDevice({ world, state, request }: OktaContext, user: SimUser): void {
  const device = request.cookies.get("DT");
  const asked = request.query.get("rememberDevice") === "true";
  if (!asked || !world.policy.allowRememberDevice || device === undefined) return;
  const users = state.rememberedDevices.get(device) ?? new Set();
  state.rememberedDevices.set(device, users.add(user.id));
}

/** Whether the user's factor is remembered on the request's device. */
export function isRemembered({ state, request }: OktaContext, user: SimUser): boolean {
  const users = state.rememberedDevices.get(request.cookies.get("DT") ?? "");
  return users?.has(user.id) === true;
}
