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
import type { PasswordComplexity } from "../classic/authn_transaction.ts";

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

/** One field of a form. */
export interface IdxField {
  /** Its name in the body. */
  name: string;
  /** What stands in front of it, untrusted. */
  label: string | undefined;
  /** Whether it has to be sent. */
  required: boolean;
  /** Whether a person sees it. */
  visible: boolean;
  /** What it is sent with where nobody answers it; a stateHandle is wrapped. */
  value: string | number | boolean | Secret | object | undefined;
  /** The fields inside it, where it is an object. */
  fields: IdxField[] | undefined;
  /** What there is to choose from. */
  options: IdxOption[];
}

/** One thing to choose. */
export interface IdxOption {
  /** What it is called, untrusted. */
  label: string;
  /** The value that is sent, where it is a plain one. */
  value: string | undefined;
  /** The fields that are sent, where it is an object. */
  fields: IdxField[];
  /** What it is about. */
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
  /** The media type of its answer. */
  produces: string | undefined;
  /** How long to wait before it is sent, milliseconds, where it is a poll. */
  refresh: number | undefined;
  /** Its fields, the stateHandle among them. */
  fields: IdxField[];
  /** Which identity provider it leads to, untrusted. */
  providerName: string | undefined;
}

/** An authenticator, or somebody's enrolment of one. */
export interface IdxAuthenticator {
  /** `okta_verify`, `google_otp`, … An open set. */
  key: string;
  /** Okta's id. */
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
  /** What a new password has to be like. */
  complexity: PasswordComplexity | undefined;
  /** Days until the password expires. */
  daysToExpiry: number | undefined;
  /** Has it sent again. */
  resend: IdxForm | undefined;
  /** Asks how it stands, where a person may answer elsewhere (an e-mail's link). */
  poll: IdxForm | undefined;
}

/** A transaction as it stands. */
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
  /** The authenticator that is being answered or enrolled. */
  current: IdxAuthenticator | undefined;
  /** What the person has enrolled. */
  enrollments: IdxAuthenticator[];
  /** Ends the transaction. */
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
 * @param transaction The transaction.
 * @param names In the order of preference.
 * @returns The first of these that Okta offers.
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

/**
 * What Okta says that went wrong.
 *
 * @param transaction The transaction.
 * @returns The first message that is an error.
 */
export function errorMessage({ messages }: IdxTransaction): IdxMessage | undefined {
  return messages.find(({ level }) => level === "ERROR");
}
