/** What happens after a right or wrong answer, for any authenticator. */

import type { OktaContext } from "../context.ts";
import { showIdx } from "./body.ts";
import { begin } from "./challenge.ts";
import { ionError, type IonMessage, problem } from "./ion.ts";
import { amrOf, DEVICE_FIXES, helpful, isEnough } from "./policy.ts";
import { isRecovered } from "./recovery.ts";
import { endIdx, type IdxTransaction, leaveAuthenticator } from "./transaction.ts";

export const WRONG_CODE = problem(
  "api.authn.error.PASSCODE_INVALID",
  "Invalid code. Try again.",
  [],
);

/** An error that ends the sign-in. */
export function denied(
  context: OktaContext,
  transaction: IdxTransaction,
  status: number,
  messages: IonMessage[],
): Response {
  endIdx(context, transaction);
  return ionError(context, status, messages);
}

/** The policy's denial, if any. */
function refusal(context: OktaContext, transaction: IdxTransaction): Response | undefined {
  const { app, user } = transaction;
  if (app.policy?.denial === "device_assurance") {
    return denied(context, transaction, 403, DEVICE_FIXES);
  }
  const isDenied = user!.denied || app.policy?.denial === "access_denied";
  const text = "You do not have permission to perform the requested action.";
  return isDenied
    ? denied(context, transaction, 403, [problem("security.access_denied", text)])
    : undefined;
}

/** Moves to the next step: a denial, the only authenticator left, or a menu. */
export async function moveOn(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  const { app, user, amr } = transaction;
  transaction.step += 1;
  leaveAuthenticator(transaction);
  const refused = refusal(context, transaction);
  if (refused) return refused;
  if (isEnough(app, user!, amr)) return await showIdx(context, transaction);
  const choices = helpful(transaction);
  if (choices.length === 0) {
    const text = "You don’t have an authenticator that meets the requirements of this app.";
    return denied(context, transaction, 403, [problem("oie.assurance.unsatisfiable", text)]);
  }
  const [only] = choices;
  const isMenu = context.world.idx.menu === "all" || choices.length > 1;
  if (isMenu || only!.methods.size > 1 && only!.key === "okta_verify") {
    return await showIdx(context, transaction);
  }
  return await begin(context, transaction, only!);
}

/** Records a right answer. */
export async function accept(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  const { current, user, amr, proven } = transaction;
  for (const one of amrOf(current!.key, current!.method ?? "")) amr.add(one);
  proven.add(current!.key);
  if (proven.size > 1) amr.add("mfa");
  user!.failedCodes = 0;
  if (isRecovered(transaction)) return await showIdx(context, transaction);
  return await moveOn(context, transaction);
}

/** Counts a wrong answer; too many suspend the authenticator. */
export async function refuse(
  context: OktaContext,
  transaction: IdxTransaction,
  message: IonMessage,
  status = 403,
): Promise<Response> {
  const user = transaction.user!;
  user.failedCodes += 1;
  const { maxFailedCodes } = context.world.policy;
  if (user.failedCodes >= maxFailedCodes) {
    const text = "This factor is suspended for your account due to too many failed attempts";
    transaction.messages = [problem("authfactor.challenge.suspended_factor", text)];
    return await showIdx(context, transaction, status);
  }
  const onTop = ["rsa_token", "onprem_mfa", "okta_password"].includes(transaction.current!.key);
  (onTop ? transaction.messages : transaction.fieldMessages).push(message);
  return await showIdx(context, transaction, status);
}
