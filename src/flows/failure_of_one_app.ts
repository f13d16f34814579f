/**
 * Which failures are one app's alone, while the session is fine.
 *
 * @module
 */

import { AssertionError, SignInError } from "../errors.ts";

/** What Okta says of one app. */
const APP_CODES: readonly string[] = [
  "not_assigned",
  "app_error",
  "session_not_accepted",
  "unknown_page",
];

/**
 * Whether a failure is one app's alone, so that another app may work: no sign-in that was refused.
 *
 * @param error What `obtainAssertion` threw.
 * @returns Whether it is.
 */
export function isOfOneApp(error: unknown): error is SignInError | AssertionError {
  if (error instanceof AssertionError) return true;
  return error instanceof SignInError && APP_CODES.includes(error.code);
}
