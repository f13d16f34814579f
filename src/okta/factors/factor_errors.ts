import { InteractionError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { Authenticator, StepResult } from "./authenticator.ts";

/** `push to Okta Verify, SMS to +1 XXX-XXX-1337` */
export function namesOf(authenticators: readonly Authenticator[]): string {
  return authenticators.map(({ name }) => name).join(", ") || "an unnamed factor";
}

/** For what a terminal can't answer. */
export const USE_BROWSER =
  "sign in through your browser: okta-aws init --browser (or set auth = browser)";

/** The error for factors that a terminal can't serve. */
export function onlyInBrowser(authenticators: readonly Authenticator[]): SignInError {
  return new SignInError(`Okta asks for ${namesOf(authenticators)}, which needs a browser`, {
    code: "factor_not_supported",
    hint: USE_BROWSER,
  });
}

/** The error for a push, SMS, call or e-mail that would come as a surprise: none is sent. */
export function nobodyThere({ name, kind }: Authenticator): InteractionError {
  return new InteractionError(`${name} needs an answer, but there is no terminal to ask in`, {
    code: "no_terminal",
    hint: "run this in a terminal: okta-aws signin" +
      (kind === "push" ? " (to allow pushes without one: interactive = always)" : ""),
  });
}

/**
 * The error for a step after which nothing else can be tried: Okta's refusal, or an unknown answer.
 */
export function unexpected(result: StepResult<unknown>): OktaAwsError {
  if (result.kind === "refused") return result.error;
  return new SignInError("Okta answered the factor in an unknown way", {
    code: "unexpected_answer",
    hint: "run the command again, or choose another factor",
  });
}

/** The error for a code or answer that Okta has refused; its code and hint are Okta's error's. */
export function rejectedAnswer(
  { name, kind }: Authenticator,
  error: OktaAwsError,
): OktaAwsError {
  if (!(error instanceof SignInError) || kind === "password") return error;
  const { code, hint, reference = code } = error;
  const what = name.startsWith("code ")
    ? name
    : `${kind === "question" ? "answer" : "code"} (${name})`;
  return new SignInError(`Okta rejected the ${what} (${code})`, { code, hint, reference });
}
