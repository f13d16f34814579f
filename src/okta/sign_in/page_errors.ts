/**
 * The errors for pages that are no assertion.
 *
 * @module
 */

import { AssertionError, NetworkError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { hintOf, oktaError, parseOktaError } from "../client/error_codes.ts";
import { isRefusalOfApp } from "../idx/idx_refusals.ts";
import type { ClassifiedPage } from "../../saml/html_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";

const BROWSER_HINT = "open the AWS app in a browser to see whether it works there";

/** The error if a server failed or asks to slow down, or answers with an error of Okta's API. */
export function failureOf(response: HttpResponse): OktaAwsError | undefined {
  const { status, body } = response;
  const refusal = parseOktaError(body);
  const isFailing = status === 429 || status >= 500;
  if (!isFailing && refusal === undefined) return undefined;
  const error = oktaError(response, "open the AWS app");
  if (refusal === undefined || error instanceof NetworkError) return error;
  const { errorCode } = refusal;
  return new SignInError(error.message, {
    code: isRefusalOfApp(errorCode) ? errorCode : "app_error",
    hint: hintOf(errorCode) ?? BROWSER_HINT,
    reference: error.reference,
  });
}

/** A page's heading is often its text's first sentence as well: shown once. */
function toldBy({ message }: { message: string }): string {
  for (let at = 8; at <= Math.min(150, message.length / 2); at++) {
    const [heading, rest] = [message.slice(0, at), message.slice(at)];
    if (rest.startsWith(` ${heading}`)) return showUntrusted(rest.trimStart());
  }
  return showUntrusted(message);
}

export function pageError(page: ClassifiedPage): OktaAwsError {
  switch (page.kind) {
    case "identity_center":
      return new AssertionError("this app is AWS IAM Identity Center, not AWS account federation", {
        code: "identity_center",
        hint: "open it in a browser, copy the portal's address, and run: " +
          "okta-aws init --sso-start-url URL --sso-region REGION",
      });
    case "not_assigned":
      return new SignInError(`could not open the AWS app: ${toldBy(page)}`, {
        code: "not_assigned",
        hint: "ask your Okta administrator to assign the app to you, or check its link",
      });
    case "error_page":
      return page.failure ??
        new SignInError(`could not open the AWS app: ${toldBy(page)}`, {
          code: "app_error",
          hint: BROWSER_HINT,
        });
    case "step_up":
    case "sign_in_page":
      return new SignInError("Okta showed its sign-in page again instead of the AWS app", {
        code: "session_not_accepted",
        hint: "open the app in a browser: its policy may want a factor that a terminal can't offer",
      });
    default:
      return new SignInError("Okta showed an unknown page instead of the AWS app", {
        code: "unknown_page",
        hint: "check the AWS app's link by opening it in a browser",
      });
  }
}

/**
 * Our codes for what is wrong with one app: its page, or the device grant's exchange of tokens for
 * it.
 */
const APP_CODES: readonly string[] = [
  ...["not_assigned", "app_error", "session_not_accepted", "unknown_page"],
  // A page outside the org, or that only a browser can serve.
  ...["left_org", "too_many_redirects", "idx_browser"],
  ...["assurance_not_met", "web_sso_not_allowed", "invalid_target"],
];

/**
 * Whether only one app failed, so that another one may open: not so if the sign-in itself was
 * refused.
 */
export function isOfOneApp(
  error: unknown,
): error is SignInError | AssertionError {
  if (error instanceof AssertionError) return true;
  if (!(error instanceof SignInError)) return false;
  return APP_CODES.includes(error.code) || isRefusalOfApp(error.code);
}
