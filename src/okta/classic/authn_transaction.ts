/**
 * The authn transaction: what Okta's `/api/v1/authn` answers, as a union on its own `status` words.
 *
 * Source:
 * https://developer.okta.com/docs/reference/api/authn/#authentication-transaction-object
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import type { PasswordComplexity } from "../factors/password_change.ts";

/** A link of Okta's, to be followed as it is. */
export interface AuthnLink {
  /** `poll`, `verify`, `original`, … */
  name: string | undefined;
  /** Absolute URL. */
  href: string;
}

/** A factor, as far as choosing and answering it needs. */
export interface Factor {
  id: string | undefined;
  /** `token:software:totp`, `push`, … in lower case. An open set. */
  factorType: string;
  /** `OKTA`, `GOOGLE`, … in upper case. An open set. */
  provider: string;
  /** The vendor's own name, untrusted. */
  vendorName: string | undefined;
  /** In MFA_ENROLL: `ACTIVE` where it is enrolled, else `NOT_SETUP`. An open set. */
  status: string | undefined;
  /** Members of `profile` that are text: `phoneNumber`, `email`, … Untrusted. */
  profile: Record<string, string>;
  verify: string | undefined;
  enroll: string | undefined;
  /** Its `_embedded`, unread: `challenge`, `verification` (Duo), `activation`. Untrusted. */
  embedded: Record<string, unknown>;
}

export interface AuthnState {
  stateToken: Secret | undefined;
  /** When the transaction ends, milliseconds since the Unix epoch. */
  expiresAt: number | undefined;
  /** `WAITING`, `REJECTED`, … An open set. */
  factorResult: string | undefined;
  factors: Factor[];
  factor: Factor | undefined;
  /**
   * The challenge that all of `factors` may answer (challengeType FACTOR_TYPE), unread. Untrusted.
   */
  challenge: unknown;
  passwordExpireDays: number | undefined;
  /** What a new password has to be like, in PASSWORD_EXPIRED. */
  complexity: PasswordComplexity | undefined;
  /** Whether the policy lets a device be remembered, in MFA_REQUIRED and MFA_CHALLENGE. */
  allowRememberDevice: boolean | undefined;
  /**
   * The number to choose on the phone. A JSON number in Classic (0 is one), text in Identity Engine.
   */
  correctAnswer: string | undefined;
  /** Where to go on; `name` says how. */
  next: AuthnLink | undefined;
  /** Where to go back, from one factor to the choice of all. */
  prev: AuthnLink | undefined;
  cancel: AuthnLink | undefined;
  skip: AuthnLink | undefined;
  /** Where to have a code or a push sent again. */
  resend: AuthnLink[];
}

/** The states that Okta documents, without SUCCESS. */
export const PENDING_STATUSES = [
  "UNAUTHENTICATED",
  "PASSWORD_WARN",
  "PASSWORD_EXPIRED",
  "PASSWORD_RESET",
  "RECOVERY",
  "RECOVERY_CHALLENGE",
  "LOCKED_OUT",
  "MFA_ENROLL",
  "MFA_ENROLL_ACTIVATE",
  "MFA_REQUIRED",
  "MFA_CHALLENGE",
] as const;

/** A state that is not SUCCESS. */
export type PendingStatus = typeof PENDING_STATUSES[number];

export type AuthnTransaction =
  | AuthnState & { status: PendingStatus }
  | AuthnState & { status: "SUCCESS"; sessionToken: Secret | undefined }
  | AuthnState & { status: "UNRECOGNIZED"; original: string };
