/**
 * A factor that Okta asks to be enrolled, whichever of its APIs asks; a time-based code of Google
 * Authenticator's kind is what a terminal can enrol.
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import type { StepResult } from "./authenticator.ts";

/** What Okta gives to make codes from. */
export interface TotpKey {
  /** The shared key, base32. */
  sharedSecret: Secret;
  /** Seconds that a code lasts. */
  timeStepSeconds: number;
  /** Digits of a code. */
  digits: 6 | 7 | 8;
}

/** An enrolment that has begun. */
export interface StartedEnrollment<T> {
  /** What to make codes from. */
  readonly key: TotpKey;
  /** Sends a first code; `refused` where it is not the right one, and another may be tried. */
  activate(code: Secret): Promise<StepResult<T>>;
}

/** Okta's wish. `T` is the transaction of the API behind it. */
export interface EnrollmentOffer<T> {
  /** What there is to enrol, safe to show; empty where Okta does not say. */
  readonly names: string;
  /** Whether somebody has begun an enrolment elsewhere: it is left to them. */
  readonly underWay: boolean;
  /** Goes on without; `undefined` where Okta does not let that be. */
  readonly leave: (() => Promise<T>) | undefined;
  /** Begins; `undefined` where Okta does not offer a time-based code. */
  readonly start: (() => Promise<StartedEnrollment<T> | undefined>) | undefined;
}
