/**
 * What stands in place of the assertion, in words.
 *
 * @module
 */

import { AssertionError, SignInError } from "../../errors.ts";
import { isRefusalOfApp } from "../idx/idx_refusals.ts";
import type { ClassifiedPage } from "../../saml/html_page.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/**
 * The error for a page that has no assertion.
 *
 * @param page The page.
 * @returns The error, to be thrown.
 */
export function pageError(page: ClassifiedPage): SignInError | AssertionError {
  switch (page.kind) {
    case "identity_center":
      return new AssertionError("this app is AWS IAM Identity Center, not AWS account federation", {
        code: "identity_center",
        hint: "open it in a browser, copy the portal's address, and give it: " +
          "okta-aws init --sso-start-url URL --sso-region REGION",
      });
    case "not_assigned":
      return new SignInError(`Okta does not open the AWS app: ${showUntrusted(page.message)}`, {
        code: "not_assigned",
        hint: "ask your Okta administrator to assign it to you, or check the app's link",
      });
    case "error_page":
      return new SignInError(`Okta does not open the AWS app: ${showUntrusted(page.message)}`, {
        code: "app_error",
        hint: "open the AWS app in a browser: does it work there?",
      });
    case "step_up":
    case "sign_in_page":
      return new SignInError("Okta shows its sign-in page again in place of the AWS app", {
        code: "session_not_accepted",
        hint: "the app may want a way to sign in that a terminal can't offer: does it work in a " +
          "browser?",
      });
    default:
      return new SignInError("what Okta shows in place of the AWS app is not known to okta-aws", {
        code: "unknown_page",
        hint: "is this the AWS app's link? Open it in a browser",
      });
  }
}

/**
 * Our codes for what is wrong with one app: its page, or the device grant's exchange of tokens for it.
 */
const APP_CODES: readonly string[] = [
  ...["not_assigned", "app_error", "session_not_accepted", "unknown_page"],
  ...["assurance_not_met", "web_sso_not_allowed", "invalid_target"],
];

/**
 * Whether a failure is one app's alone, so that another app may work: no sign-in that was refused.
 *
 * @param error What `obtainAssertion` threw.
 * @returns Whether it is.
 */
export function isOfOneApp(error: unknown): error is SignInError | AssertionError {
  if (error instanceof AssertionError) return true;
  if (!(error instanceof SignInError)) return false;
  return APP_CODES.includes(error.code) || isRefusalOfApp(error.code);
}
