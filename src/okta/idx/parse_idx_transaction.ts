/**
 * Reads an Identity Engine transaction out of an answer's body.
 *
 * Lenient by rule: unknown members are ignored, whatever is missing, null or of another type is
 * `undefined`. Most of it hangs together in the document alone, by `relatesTo`.
 *
 * @module
 */

import { Secret } from "../../secret.ts";
import { type Members, membersOf, textOf } from "./idx_json.ts";
import {
  fieldMessages,
  parseIdxForm,
  parseIdxMessages,
  toIdxAuthenticator,
} from "./parse_idx_form.ts";
import type { IdxAuthenticator, IdxForm, IdxMessage, IdxTransaction } from "./idx_transaction.ts";

/** Without one of these a document is not a transaction. */
const TELLING = ["stateHandle", "remediation", "messages", "success"];

export function parseIdxTransaction(body: string, status = 200): IdxTransaction | undefined {
  let document: Members | undefined;
  try {
    document = membersOf(JSON.parse(body));
  } catch {
    return undefined;
  }
  const tells = (name: string) =>
    membersOf(document![name]) !== undefined || textOf(document![name]) !== undefined;
  return document !== undefined && TELLING.some(tells)
    ? toTransaction(document, status)
    : undefined;
}

function listOf(document: Members, name: string): unknown[] {
  const { value } = membersOf(document[name]) ?? {};
  return Array.isArray(value) ? value : [];
}

function toTransaction(document: Members, status: number): IdxTransaction {
  const forms = listOf(document, "remediation")
    .map((given) => parseIdxForm(given, document))
    .filter((form) => form !== undefined);
  const success = parseIdxForm(document.success, document);
  const redirect = forms.find(({ name }) => name === "success-redirect");
  const stateHandle = textOf(document.stateHandle);
  return {
    status,
    stateHandle: stateHandle === undefined ? undefined : new Secret(stateHandle),
    expiresAt: Date.parse(textOf(document.expiresAt) ?? "") || undefined,
    remediations: forms,
    messages: [
      ...parseIdxMessages(document.messages),
      ...deviceManagement(document),
      ...listOf(document, "remediation").flatMap(fieldMessages),
    ],
    current: currentOf(document),
    enrollments: listOf(document, "authenticatorEnrollments")
      .map((given) => parseIdxAuthenticator(given, document))
      .filter((one) => one !== undefined),
    cancel: parseIdxForm(document.cancel, document),
    cancelProbing: probingOf(document),
    success: success?.href ?? redirect?.href,
    captcha: membersOf(document.captcha) !== undefined,
    appLabel: textOf(membersOf(membersOf(document.app)?.value)?.label),
  };
}

function parseIdxAuthenticator(given: unknown, document: Members): IdxAuthenticator | undefined {
  const members = membersOf(given);
  if (members === undefined) return undefined;
  return {
    ...toIdxAuthenticator(members),
    resend: parseIdxForm(members.resend, document),
    poll: parseIdxForm(members.poll, document),
  };
}

/** An enrolment knows its profile; both may be there, and each may have what the other lacks. */
function currentOf(document: Members): IdxAuthenticator | undefined {
  const [enrollment, authenticator] = ["currentAuthenticatorEnrollment", "currentAuthenticator"]
    .map((name) => parseIdxAuthenticator(membersOf(document[name])?.value, document));
  const current = enrollment ?? authenticator;
  if (current === undefined || authenticator === undefined) return current;
  const { contextualData, resend, poll } = authenticator;
  return {
    ...current,
    contextualData: { ...contextualData, ...current.contextualData },
    resend: current.resend ?? resend,
    poll: current.poll ?? poll,
    complexity: current.complexity ?? authenticator.complexity,
    daysToExpiry: current.daysToExpiry ?? authenticator.daysToExpiry,
  };
}

/** A device that has to be enrolled at its management first: Okta sends no words for that. */
function deviceManagement(document: Members): IdxMessage[] {
  if (membersOf(document.deviceEnrollment) === undefined) return [];
  return [{ key: "device_enrollment", text: "", level: "ERROR", links: [] }];
}

/** At the top, or with the authenticator that was chosen. */
function probingOf(document: Members): IdxForm | undefined {
  const places = [
    document.authenticatorChallenge,
    document.currentAuthenticator,
    document.currentAuthenticatorEnrollment,
  ];
  return places.map((place) => parseIdxForm(membersOf(membersOf(place)?.value)?.cancel, document))
    .find((form) => form !== undefined);
}
