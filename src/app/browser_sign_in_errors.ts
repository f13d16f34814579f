/**
 * How a sign-in in a browser fails to happen at all, at Okta and at AWS.
 *
 * @module
 */

import { InteractionError, SignInError } from "../errors.ts";

/**
 * The command that makes an account's session.
 *
 * @param account The account's name.
 * @returns `okta-aws signin --account NAME`
 */
export function signInCommand(account: string): string {
  return `okta-aws signin${account === "default" ? "" : ` --account ${account}`}`;
}

/**
 * Nobody is there who could sign in.
 *
 * @param command What to run instead.
 * @returns The error, to be thrown.
 */
export function nobodyToSignIn(command: string): InteractionError {
  return new InteractionError("somebody has to sign in in a browser, and nobody is asked here", {
    code: "no_terminal",
    hint: `run this in a terminal: ${command}`,
  });
}

/**
 * Somebody was asked, and we don't wait any longer.
 *
 * @param command What to run instead.
 * @returns The error, to be thrown.
 */
export function nobodySignedIn(command: string): InteractionError {
  return new InteractionError("nobody has signed in in the browser in time", {
    code: "unanswered",
    hint: `run this in a terminal: ${command}`,
  });
}

/**
 * A code's time is up.
 *
 * @param code The server's word for it.
 * @returns The error, to be thrown.
 */
export function codeExpired(code: string): SignInError {
  return new SignInError("the code has expired before it was approved in the browser", {
    code,
    hint: "run the command again, and open its new address",
  });
}
