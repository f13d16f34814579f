/**
 * A password that has to be another one, whichever of Okta's APIs says so.
 *
 * @module
 */

import type { StepResult } from "./authenticator.ts";
import type { Secret } from "../../secret.ts";

/** What the org's policy wants of a password; what it does not say is `undefined`. */
export interface PasswordComplexity {
  minLength: number | undefined;
  minLowerCase: number | undefined;
  minUpperCase: number | undefined;
  minNumber: number | undefined;
  minSymbol: number | undefined;
  /** Whether no part of the user name may be in it. */
  excludeUsername: boolean | undefined;
  historyCount: number | undefined;
}

/** A change of the password that Okta asks for. `T` is the transaction of the API behind it. */
export interface PasswordChange<T> {
  /** What the new one has to be like, where Okta says. */
  readonly complexity: PasswordComplexity | undefined;
  /** Whether the old one is wanted once more. */
  readonly wantsOld: boolean;
  /**
   * Sends the new one.
   *
   * @returns `refused` where Okta does not take it, but would take another.
   * @throws {SignInError} Okta's refusal of anything else.
   */
  send(newPassword: Secret, oldPassword: Secret | undefined): Promise<StepResult<T>>;
}

/** A password that soon has to be another one. */
export interface PasswordWarning<T> {
  /** Days that are left, where Okta says. */
  readonly days: number | undefined;
  /** Goes on with the old one; `undefined` where Okta does not let that be. */
  readonly skip: (() => Promise<T>) | undefined;
}
