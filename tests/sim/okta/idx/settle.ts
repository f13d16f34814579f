/**
 * The steps between the authenticators and the end: enrollment, new passwords, skipping, staying
 * signed in.
 */

import { oktaNow } from "../../clock.ts";
import type { OktaContext } from "../context.ts";
import { newSecret, newTotpFactor } from "../classic/enroll.ts";
import { passwordRefusal } from "../classic/password.ts";
import { judgeTotpCode } from "../classic/totp_factor.ts";
import { showIdx } from "./body.ts";
import { problem } from "./ion.ts";
import { endIdx, type IdxTransaction, startIdx } from "./transaction.ts";
import { moveOn, WRONG_CODE } from "./verdict.ts";

function credentialsOf({ request }: OktaContext): Record<string, unknown> {
  return request.json!.credentials as Record<string, unknown>;
}

/** `select-authenticator-enroll`: Google Authenticator, the only one offered. */
export async function startEnrolling(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  transaction.enrolling = newTotpFactor("GOOGLE", newSecret());
  transaction.step += 1;
  return await showIdx(context, transaction);
}

/** `enroll-authenticator`: the first code. */
export async function finishEnrolling(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { enrolling } = transaction;
  const code = String(credentialsOf(context).passcode);
  const verdict = await judgeTotpCode(enrolling!, code, oktaNow(context.world.clock));
  if (verdict !== "right") {
    transaction.fieldMessages = [WRONG_CODE];
    return await showIdx(context, transaction, 400);
  }
  delete transaction.enrolling;
  transaction.user!.factors.push(enrolling!);
  transaction.done.add("enroll");
  transaction.amr.add("otp").add("mfa");
  return await moveOn(context, transaction);
}

/** `reenroll-authenticator`, `reenroll-authenticator-warning`, `reset-authenticator`. */
export async function renewPassword(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const user = transaction.user!;
  const { passcode } = credentialsOf(context);
  const refused = passwordRefusal(context.world, user, passcode);
  if (refused !== undefined) {
    transaction.fieldMessages = [
      problem("password.passwordRequirementsNotMet", refused, []),
    ];
    return await showIdx(context, transaction, 400);
  }
  Object.assign(user, { password: passcode, passwordState: "active" });
  user.passwordChanged = oktaNow(context.world.clock);
  transaction.done.add("password").add("warn");
  if (transaction.recovering) {
    transaction.amr.add("pwd");
    transaction.proven.add("okta_password");
  }
  return await moveOn(context, transaction);
}

/** `skip`: an expiry warning, or an optional enrollment. */
export async function skip(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  const warns = typeof transaction.user!.passwordState === "object";
  transaction.done.add(warns && !transaction.done.has("warn") ? "warn" : "enroll");
  return await moveOn(context, transaction);
}

/** `device-assurance-grace-period`. */
export async function useGrace(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  transaction.done.add("grace");
  return await moveOn(context, transaction);
}

/** `keep-me-signed-in`. */
export async function keepSignedIn(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  transaction.done.add("kmsi");
  return await moveOn(context, transaction);
}

/** `cancel`: Okta's clients show its answer, which starts the sign-in again. */
export async function cancel(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  endIdx(context, transaction);
  return await showIdx(context, startIdx(context, transaction.app, undefined));
}
