/**
 * How a push ends without a yes, in words.
 *
 * @module
 */

import { type OktaAwsError, SignInError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Authenticator, RefusalReason } from "./authenticator.ts";

/**
 * The error for somebody who said no on the phone.
 *
 * @param authenticator What was sent.
 * @returns A `push_rejected`.
 */
export function pushRejected({ name }: Authenticator): SignInError {
  return new SignInError(`the sign-in was rejected (${name})`, {
    code: "push_rejected",
    hint: "if it was not you who rejected it, look at your phone's Okta Verify; " +
      "else run the command again",
  });
}

/**
 * The error for a phone that nobody answered.
 *
 * @param authenticator What was sent.
 * @returns A `push_timeout`.
 */
export function pushTimeout({ name }: Authenticator): SignInError {
  return new SignInError(`nobody answered in time (${name})`, {
    code: "push_timeout",
    hint: "run the command again when the phone is at hand",
  });
}

/**
 * The error for a `factorResult` that ends the wait.
 *
 * @param factorResult Okta's word.
 * @param authenticator What was sent.
 * @returns Why, and the error.
 */
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
