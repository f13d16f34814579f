/**
 * Every way in which okta-aws can fail on purpose, and the exit code of each.
 *
 * A message says what happened, a hint says what to do about it. Neither ever holds a secret; what
 * somebody else wrote (Okta's summary, a role's name) has gone through `showUntrusted` before it
 * gets here. Upstream codes stay verbatim in `code` (`E0000004`, `AccessDenied`).
 *
 * @module
 */

/** What an error may carry besides its message. */
export interface ErrorDetails {
  /** Stable word for programs: our own (`not_set_up`) or, verbatim, Okta's or AWS's code. */
  code: string;
  /** One line that says what the person can do. */
  hint?: string | undefined;
  /** The failure underneath; shown with `--debug` only. */
  cause?: unknown;
}

/** Base class of all failures that okta-aws reports by itself. */
export abstract class OktaAwsError extends Error {
  /** Stable word for programs: our own (`not_set_up`) or, verbatim, Okta's or AWS's code. */
  readonly code: string;
  /** One line that says what the person can do. */
  readonly hint: string | undefined;

  /**
   * Makes the error.
   *
   * @param message What happened, one line, without a full stop.
   * @param details The code, and what else is known.
   */
  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
  }
}

/** The command line can't be understood. */
export class UsageError extends OktaAwsError {}

/** The settings, or a file of the person's that we would have to change, are not usable as they are. */
export class SettingsError extends OktaAwsError {}

/** PROFILE names nothing, or more than one thing, or chains in a loop. */
export class ProfileError extends OktaAwsError {}

/** Okta refused the sign-in, or asks for something that this program can't give. */
export class SignInError extends OktaAwsError {}

/** Somebody would have to answer a question, and nobody can. */
export class InteractionError extends OktaAwsError {}

/** A server could not be reached, or kept failing. */
export class NetworkError extends OktaAwsError {}

/** AWS refused a request. */
export class AwsError extends OktaAwsError {}

/** What came instead of, or inside, the SAML assertion can't be used. */
export class AssertionError extends OktaAwsError {}

/** The secret store failed, is locked, or lacks what was asked of it. */
export class SecretStoreError extends OktaAwsError {}

/** A command that a plugin has added came to nothing. */
export class PluginError extends OktaAwsError {}

/** The person pressed Ctrl-C, or the program was told to end. */
export class InterruptedError extends OktaAwsError {
  /**
   * Makes the error; its code is `interrupted`.
   *
   * @param message What was being done when it was interrupted.
   */
  constructor(message = "interrupted") {
    super(message, { code: "interrupted" });
  }
}

/** A mistake of the program's own. */
export class Fault extends OktaAwsError {
  /**
   * Makes the error; its code is `fault`.
   *
   * @param message What went wrong, for the person who reports it.
   * @param cause What was thrown.
   */
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: "fault",
      hint: "this is a mistake in okta-aws: run it again with --debug and report what it prints",
      cause,
    });
  }
}

/**
 * The exit code that a failure ends the program with (the table of docs/cli, "Exit codes").
 *
 * @param error Whatever was thrown.
 * @returns 1 to 7, or 130; 1 for anything that is not an {@linkcode OktaAwsError}.
 */
export function exitCodeFor(error: unknown): number {
  if (error instanceof UsageError) return 2;
  if (error instanceof SettingsError) return 2;
  if (error instanceof ProfileError) return 2;
  if (error instanceof SignInError) return 3;
  if (error instanceof InteractionError) return 4;
  if (error instanceof NetworkError) return 5;
  if (error instanceof AwsError) return 6;
  if (error instanceof AssertionError) return 6;
  if (error instanceof SecretStoreError) return 7;
  if (error instanceof InterruptedError) return 130;
  return 1;
}
