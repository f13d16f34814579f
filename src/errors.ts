/**
 * The errors that okta-aws reports, and their exit codes.
 *
 * A message says what failed, a hint says what to do about it. Neither contains a secret; text from
 * others (Okta's summary, a role's name) has gone through `showUntrusted`. `code` keeps upstream codes
 * verbatim (`E0000004`, `AccessDenied`).
 *
 * @module
 */

/** What an error has besides its message. */
export interface ErrorDetails {
  /** Stable, for programs: our own code (`not_set_up`), or Okta's or AWS's verbatim. */
  code: string;
  /** One line that says what the user can do. */
  hint?: string | undefined;
  /** The original failure; only shown with `--debug`. */
  cause?: unknown;
  /** The server's own code and id for its support; shown with `--debug` and `--json`. */
  reference?: string | undefined;
}

/** Base class of all errors that okta-aws reports. */
export abstract class OktaAwsError extends Error {
  /** Stable, for programs: our own code (`not_set_up`), or Okta's or AWS's verbatim. */
  readonly code: string;
  /** One line that says what the user can do. */
  readonly hint: string | undefined;
  /** The server's own code and id for its support; shown with `--debug` and `--json`. */
  readonly reference: string | undefined;

  /**
   * Makes the error.
   *
   * @param message What failed, one line, without a full stop.
   * @param details The code, hint and cause.
   */
  constructor(message: string, details: ErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.code = details.code;
    this.hint = details.hint;
    this.reference = details.reference;
  }
}

/** The command line is invalid. */
export class UsageError extends OktaAwsError {}

/** The settings, or another of the user's files, can't be used or changed. */
export class SettingsError extends OktaAwsError {}

/** PROFILE matches nothing or several things, or its chain is a loop. */
export class ProfileError extends OktaAwsError {}

/** Okta rejected the sign-in, or asks for something that we do not support. */
export class SignInError extends OktaAwsError {}

/** The user would have to answer a question, but can't. */
export class InteractionError extends OktaAwsError {}

/** A server could not be reached or keeps failing. */
export class NetworkError extends OktaAwsError {
  /** Whether the connection failed before anything of the request was sent. */
  readonly unsent: boolean;

  /** Makes the error; `unsent` is false by default. */
  constructor(message: string, details: ErrorDetails & { unsent?: boolean | undefined }) {
    super(message, details);
    this.unsent = details.unsent ?? false;
  }
}

/** AWS rejected a request. */
export class AwsError extends OktaAwsError {}

/** The SAML assertion is missing or can't be used. */
export class AssertionError extends OktaAwsError {}

/** The secret store failed, is locked, or does not have the secret. */
export class SecretStoreError extends OktaAwsError {}

/** A command of a plugin failed. */
export class PluginError extends OktaAwsError {}

/** The user pressed Ctrl-C, or the program was told to end. */
export class InterruptedError extends OktaAwsError {
  /**
   * Makes the error; its code is `interrupted`.
   *
   * @param message What was interrupted.
   */
  constructor(message = "interrupted") {
    super(message, { code: "interrupted" });
  }
}

/** A bug in okta-aws. */
export class Fault extends OktaAwsError {
  /**
   * Makes the error; its code is `fault`.
   *
   * @param message What went wrong, for the bug report.
   * @param cause The original error.
   */
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: "fault",
      hint: "this is a bug in okta-aws: run it again with --debug and report the output",
      cause,
    });
  }
}

/** AWS refused a request, or some roles of several. */
export const EXIT_AWS = 6;

/**
 * The exit code for a failure (docs/cli.md, "Exit codes").
 *
 * @returns 1 to 7, or 130; 1 for anything that is not an {@linkcode OktaAwsError}.
 */
export function exitCodeFor(error: unknown): number {
  if (error instanceof UsageError) return 2;
  if (error instanceof SettingsError) return 2;
  if (error instanceof ProfileError) return 2;
  if (error instanceof SignInError) return 3;
  if (error instanceof InteractionError) return 4;
  if (error instanceof NetworkError) return 5;
  if (error instanceof AwsError) return EXIT_AWS;
  if (error instanceof AssertionError) return EXIT_AWS;
  if (error instanceof SecretStoreError) return 7;
  if (error instanceof InterruptedError) return 130;
  return 1;
}
