/**
 * The Identity Engine's transaction: what `/idp/idx/…` answers, an ION document that says by itself
 * what may be done next and what each of that wants.
 *
 * Source: recorded answers and Okta's own clients (protocol.md, b.5);
 * https://ionspec.org/
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import type { PasswordComplexity } from "../factors/password_change.ts";

/** What Okta says to the person. */
export interface IdxMessage {
  /** Okta's stable word: `incorrectPassword`, `errors.E0000004`. */
  key: string;
  /** Okta's own words, untrusted. */
  text: string;
  /** `ERROR`, `WARNING`, `INFO`. An open set. */
  level: string;
  /** Pages that it points to, untrusted. */
  links: string[];
}

export interface IdxField {
  name: string;
  /** What stands in front of it, untrusted. */
  label: string | undefined;
  required: boolean;
  visible: boolean;
  /** What it is sent with where nobody answers it; a stateHandle is wrapped. */
  value: string | number | boolean | Secret | object | undefined;
  /** The fields inside it, where it is an object. */
  fields: IdxField[] | undefined;
  options: IdxOption[];
}

export interface IdxOption {
  /** What it is called, untrusted. */
  label: string;
  /** The value that is sent, where it is a plain one. */
  value: string | undefined;
  /** The fields that are sent, where it is an object. */
  fields: IdxField[];
  relatesTo: IdxAuthenticator | undefined;
}

/** A form: a remediation, or a further action such as `cancel`. */
export interface IdxForm {
  /** `identify`, `challenge-authenticator`, … An open set. */
  name: string;
  /** Where it goes, absolute. */
  href: string;
  /** `POST`, or `GET` where it is a page for a browser. */
  method: string;
  produces: string | undefined;
  /** How long to wait before it is sent, milliseconds, where it is a poll. */
  refresh: number | undefined;
  fields: IdxField[];
  /** Which identity provider it leads to, untrusted. */
  providerName: string | undefined;
}

/** An authenticator, or somebody's enrolment of one. */
export interface IdxAuthenticator {
  /** `okta_verify`, `google_otp`, … An open set. */
  key: string;
  id: string | undefined;
  /** Okta's id of what this is an enrolment of. */
  authenticatorId: string | undefined;
  /** What the org calls it, untrusted. */
  displayName: string | undefined;
  /** `push`, `totp`, `sms`, … An open set. */
  methods: string[];
  /** Members of `profile` that are text: `phoneNumber`, `email`, `deviceName`. Untrusted. */
  profile: Record<string, string>;
  /** WebAuthn's credential, base64url. */
  credentialId: string | undefined;
  /** What is being asked of it now, unread: `correctAnswer`, `challengeData`, … Untrusted. */
  contextualData: Record<string, unknown>;
  complexity: PasswordComplexity | undefined;
  daysToExpiry: number | undefined;
  /** Has it sent again. */
  resend: IdxForm | undefined;
  /** Asks how it stands, where a person may answer elsewhere (an e-mail's link). */
  poll: IdxForm | undefined;
}

export interface IdxTransaction {
  /** The HTTP status that it came with. */
  status: number;
  /** Names the transaction; what is sent is each form's own. */
  stateHandle: Secret | undefined;
  /** When it ends, milliseconds since the Unix epoch by Okta's clock. */
  expiresAt: number | undefined;
  /** What may be done next, in Okta's order. */
  remediations: IdxForm[];
  /** What Okta says: at the top, and at fields. */
  messages: IdxMessage[];
  current: IdxAuthenticator | undefined;
  enrollments: IdxAuthenticator[];
  cancel: IdxForm | undefined;
  /** Gives up looking for an agent on this machine (device probing). */
  cancelProbing: IdxForm | undefined;
  /** Where to go on with the cookies, once Okta is content. */
  success: string | undefined;
  /** Whether a form wants proof that no program fills it. */
  captcha: boolean;
  /** What the org calls the app, untrusted. */
  appLabel: string | undefined;
}

/**
 * A form of a transaction.
 *
 * @param names In the order of preference.
 */
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

/** What Okta says that went wrong. */
export function errorMessage({ messages }: IdxTransaction): IdxMessage | undefined {
  return messages.find(({ level }) => level === "ERROR");
}
