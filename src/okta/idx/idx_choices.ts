/**
 * The authenticators that the user can choose from: one per method, named as in the authn API, so
 * that settings and menus are the same for both.
 *
 * @module
 */

import type { Authenticator } from "../factors/authenticator.ts";
import { detailOfFactor, nameOfFactor } from "../factors/authenticator_names.ts";
import type { IdxAnswers } from "./idx_body.ts";
import {
  type IdxAuthenticator,
  type IdxField,
  type IdxOption,
  type IdxTransaction,
  remediation,
} from "./idx_transaction.ts";
import { factorOf, keyOfLabel, kindOf, methodOfKey } from "./idx_factor_mapping.ts";

export interface IdxChoice {
  authenticator: Authenticator;
  /** `okta_verify`, … */
  key: string;
  /** `push`, … */
  method: string;
  /** The values for `select-authenticator-authenticate`; `undefined` if Okta has chosen it. */
  select: IdxAnswers | undefined;
}

function toChoice(
  about: Pick<IdxAuthenticator, "key" | "id" | "displayName" | "profile">,
  method: string,
  { label, select }: { label?: string; select?: IdxAnswers } = {},
): IdxChoice {
  const { key, id, displayName, profile } = about;
  const [factorType, provider] = factorOf(key, method);
  const named = { ...profile };
  if (profile.deviceName !== undefined) named.authenticatorName ??= profile.deviceName;
  const vendorName = displayName ?? label;
  // The org's name for its server says more than the vendor's.
  const namedBy = key === "onprem_mfa" ? "CUSTOM" : provider;
  const name = nameOfFactor({ factorType, provider: namedBy, vendorName, profile: named });
  const kind = kindOf(key, factorType);
  const detail = detailOfFactor({ factorType, profile });
  const authenticator = { kind, factorType, provider, id, name, detail, question: undefined };
  return { authenticator, key, method, select };
}

/** An option that relates to no authenticator has only a label. */
function unrelated(
  label: string,
): Pick<IdxAuthenticator, "key" | "id" | "displayName" | "profile" | "methods"> {
  return { key: keyOfLabel(label), id: undefined, displayName: label, profile: {}, methods: [] };
}

function fieldOf(fields: readonly IdxField[], name: string): IdxField | undefined {
  return fields.find((field) => field.name === name);
}

/** Duo's methods (its frame, its own page) are one authenticator for a person. */
function methodsOf(
  option: IdxOption,
  about: { key: string; methods: string[] },
): string[] {
  const methods = listedMethods(option, about);
  if (about.key !== "duo") return methods;
  return methods.includes("duo") ? ["duo"] : methods.slice(0, 1);
}

/** The methods of an option: its own, else those of the authenticator. */
function listedMethods(
  { fields }: IdxOption,
  { key, methods }: { key: string; methods: string[] },
): string[] {
  const field = fieldOf(fields, "methodType");
  const offered = field?.options.map(({ value }) => value).filter((value) => value !== undefined);
  if (offered !== undefined && offered.length > 0) return offered;
  if (typeof field?.value === "string") return [field.value];
  if (methods.length > 0) return methods;
  return [methodOfKey(key)];
}

function choicesOfOption(option: IdxOption): IdxChoice[] {
  const { fields, label } = option;
  const about = option.relatesTo ?? unrelated(label);
  const takesMethod = fieldOf(fields, "methodType") !== undefined;
  const fixed: IdxAnswers = {};
  for (const { name, value } of fields) if (typeof value === "string") fixed[name] = value;
  return methodsOf(option, about).map((method) =>
    toChoice(about, method, {
      label,
      select: { ...fixed, ...(takesMethod ? { methodType: method } : {}) },
    })
  );
}

/** The methods of an authenticator that Okta has chosen. */
function methodsOfCurrent(
  { key, methods }: IdxAuthenticator,
  transaction: IdxTransaction,
): string[] {
  const codes = remediation(transaction, "challenge-authenticator") !== undefined;
  if (key === "okta_verify" && codes) return ["totp"];
  const option = { label: "", value: undefined, fields: [], relatesTo: undefined };
  return methodsOf(option, { key, methods });
}

/** Forms that answer the current authenticator. */
const ANSWERING = [
  "challenge-authenticator",
  "challenge-poll",
  "authenticator-verification-data",
  "resend",
];

/**
 * Okta's list, in its order. An authenticator that Okta chose comes first if the list does not have
 * it.
 */
export function idxChoices(transaction: IdxTransaction): IdxChoice[] {
  const select = remediation(transaction, "select-authenticator-authenticate");
  const options = fieldOf(select?.fields ?? [], "authenticator")?.options ?? [];
  const listed = options.flatMap(choicesOfOption);
  const { current } = transaction;
  if (current === undefined || remediation(transaction, ...ANSWERING) === undefined) return listed;
  const chosen = methodsOfCurrent(current, transaction)
    .map((method) => toChoice(current, method))
    .filter(({ key, method }) => !listed.some((one) => one.key === key && one.method === method));
  return [...chosen, ...listed];
}

/** Whether Okta already waits for this choice: nothing to select or send. */
export function isChosen(transaction: IdxTransaction, { key, method, select }: IdxChoice): boolean {
  const { current } = transaction;
  if (current?.key !== key) return false;
  const isPolled = method === "push" || method === "signed_nonce";
  const form = remediation(transaction, isPolled ? "challenge-poll" : "challenge-authenticator");
  if (form === undefined) return false;
  const ids = [current.id, current.authenticatorId];
  const wanted = [select?.enrollmentId, select?.id].filter((id) => id !== undefined);
  // Two phones are two enrolments of one authenticator.
  if (select?.enrollmentId !== undefined && !ids.includes(String(select.enrollmentId))) {
    return false;
  }
  const isSame = wanted.length === 0 || wanted.some((id) => ids.includes(String(id))) ||
    current.authenticatorId === undefined;
  const known = methodsOfCurrent(current, transaction);
  return isSame && known.includes(method);
}
