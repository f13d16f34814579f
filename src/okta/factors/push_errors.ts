/**
 * The errors of a push that was rejected, or that nobody answered. push.ts tells what happens then.
 *
 * @module
 */

import { type OktaAwsError, SignInError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Authenticator, RefusalReason } from "./authenticator.ts";

/** Somebody said no on the phone. */
export function pushRejected({ name }: Authenticator): SignInError {
  return new SignInError(`the sign-in was rejected (${name})`, {
    code: "push_rejected",
    hint: "if you did not reject it, check Okta Verify on your phone; otherwise try again",
  });
}

export function pushTimeout({ name }: Authenticator): SignInError {
  return new SignInError(`nobody answered in time (${name})`, {
    code: "push_timeout",
    hint: "run the command again when you have your phone with you",
  });
}

/** The error for a `factorResult` that ends the wait. */
export function pushEnded(
  factorResult: string,
  authenticator: Authenticator,
): { reason: RefusalReason; error: OktaAwsError } {
  if (factorResult === "REJECTED") {
    return { reason: "rejected", error: pushRejected(authenticator) };
  }
  if (factorResult === "TIMEOUT") return { reason: "timeout", error: pushTimeout(authenticator) };
  const word = showUntrusted(factorResult);
  const error = new SignInError(`Okta ended it (${authenticator.name}): ${word}`, {
    code: word,
    hint: "run the command again, or choose another factor",
  });
  return { reason: "ended", error };
}
