/**
 * `/api/v1/authn/recovery/…`: a forgotten password and a locked account, by a code (SMS, call) or by
 * the link of an e-mail, then by the answer to the recovery question.
 */

import { oktaNow } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { Transaction } from "../../state.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { findUser } from "./authn.ts";
import { ILLEGAL } from "./factor_verdict.ts";
import { passwordRefusal } from "./password.ts";
import { newCode } from "./sent_codes.ts";
import { advance, startTransaction } from "./transaction.ts";
import { showTransaction } from "./transaction_body.ts";

/** Sends a code or a link to the user's inbox. */
function send({ world, state }: OktaContext, { user, recovery }: Transaction): void {
  const { factorType } = recovery!;
  recovery!.code = factorType === "EMAIL" ? oktaToken() : newCode();
  const at = oktaNow(world.clock);
  const message = { factorId: "recovery", code: recovery!.code, at };
  state.inbox.push({ channel: factorType.toLowerCase(), login: user!.login, ...message });
}

/** `recovery/password`, `recovery/unlock`: `{username, factorType}`. */
export function startRecovery(context: OktaContext, type: "PASSWORD" | "UNLOCK"): Response {
  const { world, request } = context;
  const { username, factorType } = request.json!;
  if (factorType !== "SMS" && factorType !== "CALL" && factorType !== "EMAIL") {
    return oktaError(world, "E0000001", ["factorType: not supported"], "factorType");
  }
  const user = findUser(context, username);
  if (!user?.recovery) return oktaError(world, "E0000095");
  const recovery: Transaction["recovery"] = { type, factorType, code: "" };
  const transaction = startTransaction(context, { user, status: "RECOVERY_CHALLENGE", recovery });
  send(context, transaction);
  if (factorType !== "EMAIL") return showTransaction(context, transaction);
  // Neither stateToken nor links: only the e-mail leads on.
  const status = "RECOVERY_CHALLENGE";
  return Response.json({ status, factorResult: "WAITING", factorType, recoveryType: type });
}

/** `recovery/token`: the token in the e-mail's link. */
export function takeRecoveryToken(context: OktaContext): Response {
  const { world, state, request } = context;
  const { recoveryToken } = request.json!;
  const transaction = [...state.transactions.values()].find(({ status, recovery }) =>
    status === "RECOVERY_CHALLENGE" && recovery?.factorType === "EMAIL" &&
    recovery.code === recoveryToken
  );
  if (!transaction) return oktaError(world, "E0000011");
  transaction.status = "RECOVERY";
  return showTransaction(context, transaction);
}

/** `recovery/factors/SMS/verify`: `{stateToken, passCode}`. */
export function verifyRecovery(context: OktaContext, transaction: Transaction): Response {
  const { world, request } = context;
  if (transaction.status !== "RECOVERY_CHALLENGE") return oktaError(world, "E0000079", [ILLEGAL]);
  if (request.json!.passCode !== transaction.recovery!.code) return oktaError(world, "E0000068");
  transaction.status = "RECOVERY";
  return showTransaction(context, transaction);
}

/** `recovery/factors/SMS/resend`. */
export function resendRecovery(context: OktaContext, transaction: Transaction): Response {
  if (transaction.status !== "RECOVERY_CHALLENGE") {
    return oktaError(context.world, "E0000079", [ILLEGAL]);
  }
  send(context, transaction);
  return showTransaction(context, transaction);
}

/** `recovery/answer`: `{stateToken, answer}`. */
export function answerRecovery(context: OktaContext, transaction: Transaction): Response {
  const { world, request } = context;
  const { status, user, recovery } = transaction;
  if (status !== "RECOVERY") return oktaError(world, "E0000079", [ILLEGAL]);
  if (request.json!.answer !== user!.recovery!.answer) return oktaError(world, "E0000087");
  if (recovery!.type === "PASSWORD") {
    transaction.status = "PASSWORD_RESET";
    return showTransaction(context, transaction);
  }
  Object.assign(user!, { lockedOut: false, failedPasswords: 0 });
  context.state.transactions.delete(transaction.stateToken);
  return Response.json({ status: "SUCCESS", recoveryType: "UNLOCK" });
}

/** `credentials/reset_password`: `{stateToken, newPassword}`; the sign-in goes on. */
export function resetPassword(context: OktaContext, transaction: Transaction): Response {
  const { world, request } = context;
  const { status, user } = transaction;
  if (status !== "PASSWORD_RESET") return oktaError(world, "E0000079", [ILLEGAL]);
  const { newPassword } = request.json!;
  const refused = passwordRefusal(world, user!, newPassword);
  if (refused !== undefined) return oktaError(world, world.policy.complexityError, [refused]);
  const changed = { password: newPassword, passwordState: "active", lockedOut: false };
  Object.assign(user!, { ...changed, passwordChanged: oktaNow(world.clock) });
  transaction.amr.add("pwd");
  transaction.done.add("password").add("warn");
  advance(transaction);
  return showTransaction(context, transaction);
}
