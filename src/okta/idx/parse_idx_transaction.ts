/**
 * Parses an Identity Engine transaction leniently: unknown members are ignored; members that are
 * missing, null or of another type are `undefined`. Most parts are linked only by `relatesTo`.
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

/** The enrolment has the profile; each may have members that the other has not. */
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

/** The device must be enrolled in device management first; Okta sends no message for that. */
function deviceManagement(document: Members): IdxMessage[] {
  if (membersOf(document.deviceEnrollment) === undefined) return [];
  return [{ key: "device_enrollment", text: "", level: "ERROR", links: [] }];
}

/** At the top level or in the chosen authenticator. */
function probingOf(document: Members): IdxForm | undefined {
  const places = [
    document.authenticatorChallenge,
    document.currentAuthenticator,
    document.currentAuthenticatorEnrollment,
  ];
  return places.map((place) => parseIdxForm(membersOf(membersOf(place)?.value)?.cancel, document))
    .find((form) => form !== undefined);
}
