/**
 * The response of `/idp/idx/…`: an ION document that lists the possible next steps and their
 * fields.
 *
 * Source: recorded responses, https://github.com/okta/okta-auth-js/tree/master/lib/idx and
 * https://ionspec.org/
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import type { PasswordComplexity } from "../factors/password_change.ts";

export interface IdxMessage {
  /** Stable key: `incorrectPassword`, `errors.E0000004`. */
  key: string;
  /** Untrusted. */
  text: string;
  /** `ERROR`, `WARNING`, `INFO`. An open set. */
  level: string;
  /** Help pages; untrusted. */
  links: string[];
}

export interface IdxField {
  name: string;
  /** Untrusted. */
  label: string | undefined;
  required: boolean;
  visible: boolean;
  /** Preset value; a stateHandle is wrapped. */
  value: string | number | boolean | Secret | object | undefined;
  /** Nested fields, if it is an object. */
  fields: IdxField[] | undefined;
  options: IdxOption[];
}

export interface IdxOption {
  /** Untrusted. */
  label: string;
  /** The value, if it is plain text. */
  value: string | undefined;
  /** The fields to send, if it is an object. */
  fields: IdxField[];
  relatesTo: IdxAuthenticator | undefined;
}

/** A remediation, or an action such as `cancel`. */
export interface IdxForm {
  /** `identify`, `challenge-authenticator`, … An open set. */
  name: string;
  /** Absolute. */
  href: string;
  /** `POST`, or `GET` for a browser page. */
  method: string;
  produces: string | undefined;
  /** Poll interval in milliseconds. */
  refresh: number | undefined;
  fields: IdxField[];
  /** Name of the identity provider; untrusted. */
  providerName: string | undefined;
  /** The org's own page for a new password; untrusted. */
  passwordPage?: string | undefined;
}

/** An authenticator, or an enrolment of one. */
export interface IdxAuthenticator {
  /** `okta_verify`, `google_otp`, … An open set. */
  key: string;
  id: string | undefined;
  /** The id of the authenticator, if this is an enrolment. */
  authenticatorId: string | undefined;
  /** Untrusted. */
  displayName: string | undefined;
  /** `push`, `totp`, `sms`, … An open set. */
  methods: string[];
  /** Text members of `profile`: `phoneNumber`, `email`, `deviceName`. Untrusted. */
  profile: Record<string, string>;
  /** WebAuthn credential id, base64url. */
  credentialId: string | undefined;
  /** Raw data of the current challenge: `correctAnswer`, `challengeData`, … Untrusted. */
  contextualData: Record<string, unknown>;
  complexity: PasswordComplexity | undefined;
  daysToExpiry: number | undefined;
  /** Sends the code or push again. */
  resend: IdxForm | undefined;
  /** Polls, if the user may answer elsewhere (a link in an e-mail). */
  poll: IdxForm | undefined;
}

export interface IdxTransaction {
  status: number;
  /** Identifies the transaction. Forms carry their own copy. */
  stateHandle: Secret | undefined;
  /** Milliseconds since the Unix epoch, by Okta's clock. */
  expiresAt: number | undefined;
  /** The possible next steps, in Okta's order. */
  remediations: IdxForm[];
  /** Messages of the transaction and of fields. */
  messages: IdxMessage[];
  current: IdxAuthenticator | undefined;
  enrollments: IdxAuthenticator[];
  cancel: IdxForm | undefined;
  /** Stops looking for Okta Verify on this computer (device probing). */
  cancelProbing: IdxForm | undefined;
  /** The URL to continue at after success. */
  success: string | undefined;
  /** Whether a form wants a captcha. */
  captcha: boolean;
  /** Untrusted. */
  appLabel: string | undefined;
}

/** The first of these forms that Okta offers. */
export function remediation(
  { remediations }: Pick<IdxTransaction, "remediations">,
  ...names: string[]
): IdxForm | undefined {
  for (const name of names) {
    const found = remediations.find((form) => form.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The first message of level ERROR. */
export function errorMessage({ messages }: IdxTransaction): IdxMessage | undefined {
  return messages.find(({ level }) => level === "ERROR");
}
