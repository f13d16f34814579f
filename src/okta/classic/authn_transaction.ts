/**
 * The response of Okta's `/api/v1/authn`, as a union by `status`.
 *
 * Source:
 * https://developer.okta.com/docs/reference/api/authn/#authentication-transaction-object
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import type { PasswordComplexity } from "../factors/password_change.ts";

export interface AuthnLink {
  /** `poll`, `verify`, `original`, … */
  name: string | undefined;
  /** Absolute URL. */
  href: string;
}

export interface Factor {
  id: string | undefined;
  /** `token:software:totp`, `push`, … in lower case. An open set. */
  factorType: string;
  /** `OKTA`, `GOOGLE`, … in upper case. An open set. */
  provider: string;
  /** Untrusted. */
  vendorName: string | undefined;
  /** In MFA_ENROLL: `ACTIVE` if enrolled, else `NOT_SETUP`. An open set. */
  status: string | undefined;
  /** Text members of `profile`: `phoneNumber`, `email`, … Untrusted. */
  profile: Record<string, string>;
  verify: string | undefined;
  enroll: string | undefined;
  /** Raw `_embedded`: `challenge`, `verification` (Duo), `activation`. Untrusted. */
  embedded: Record<string, unknown>;
}

export interface AuthnState {
  stateToken: Secret | undefined;
  /** Milliseconds since the Unix epoch. */
  expiresAt: number | undefined;
  /** `WAITING`, `REJECTED`, … An open set. */
  factorResult: string | undefined;
  factors: Factor[];
  /** Links that any of the factors of a type can answer. */
  typeLinks: ReadonlyMap<string, string>;
  factor: Factor | undefined;
  /** The raw challenge shared by all `factors` (challengeType FACTOR_TYPE). Untrusted. */
  challenge: unknown;
  passwordExpireDays: number | undefined;
  /** In POLL: the pause before each poll, milliseconds. */
  pollMilliseconds: number | undefined;
  /** Rules for a new password, in PASSWORD_EXPIRED. */
  complexity: PasswordComplexity | undefined;
  /** Whether the policy allows remembering a device, in MFA_REQUIRED and MFA_CHALLENGE. */
  allowRememberDevice: boolean | undefined;
  /**
   * The number to tap on the phone: a JSON number in Classic (0 is valid), text in Identity Engine.
   */
  correctAnswer: string | undefined;
  /** The next request; `name` says which. */
  next: AuthnLink | undefined;
  /** Back from one factor to the list. */
  prev: AuthnLink | undefined;
  cancel: AuthnLink | undefined;
  skip: AuthnLink | undefined;
  /** Sends a code or push again. */
  resend: AuthnLink[];
}

/** Documented states except SUCCESS. */
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
  "POLL",
] as const;

export type PendingStatus = typeof PENDING_STATUSES[number];

export type AuthnTransaction =
  | AuthnState & { status: PendingStatus }
  | AuthnState & { status: "SUCCESS"; sessionToken: Secret | undefined }
  | AuthnState & { status: "UNRECOGNIZED"; original: string };
