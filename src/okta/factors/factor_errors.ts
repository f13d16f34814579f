/**
 * The errors of factors that can't be answered.
 *
 * @module
 */

import { InteractionError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { Authenticator, StepResult } from "./authenticator.ts";

/**
 * The names of authenticators, in one line.
 *
 * @param authenticators They.
 * @returns `push to Okta Verify, SMS to +1 XXX-XXX-1337`.
 */
export function namesOf(authenticators: readonly Authenticator[]): string {
  return authenticators.map(({ name }) => name).join(", ") || "a factor that it does not name";
}

/**
 * The error for factors that a terminal can't serve.
 *
 * @param authenticators What Okta offers.
 * @returns The error, to be thrown.
 */
export function onlyInBrowser(authenticators: readonly Authenticator[]): SignInError {
  return new SignInError(`Okta asks for ${namesOf(authenticators)}: that needs a browser`, {
    code: "factor_not_supported",
    hint: "enrol Okta Verify, Google Authenticator, SMS or another factor that a terminal can " +
      "serve, in the browser",
  });
}

/**
 * The error for a push, SMS, call or e-mail that would come as a surprise: none is sent.
 *
 * @param authenticator What would have been sent.
 * @returns The error, to be thrown.
 */
export function nobodyThere({ name, kind }: Authenticator): InteractionError {
  return new InteractionError(`somebody has to answer (${name}), and nobody is there to ask`, {
    code: "no_terminal",
    hint: "run this in a terminal: okta-aws signin" +
      (kind === "push" ? " (a setting for pushes without one: interactive = always)" : ""),
  });
}

/**
 * The error for a step after which nothing else can be tried.
 *
 * @param result What came of the step.
 * @returns Okta's refusal, or that the sign-in went another way.
 */
export function unexpected(result: StepResult<unknown>): OktaAwsError {
  if (result.kind === "refused") return result.error;
  return new SignInError("Okta answered the factor in a way that is not known to okta-aws", {
    code: "unexpected_answer",
    hint: "run the command again, or choose another factor",
  });
}
