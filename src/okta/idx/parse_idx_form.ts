import { Secret } from "../../secret.ts";
import { followRelatesTo, type Members, membersOf, numberOf, textOf } from "./idx_json.ts";
import type {
  IdxAuthenticator,
  IdxField,
  IdxForm,
  IdxMessage,
  IdxOption,
} from "./idx_transaction.ts";
import type { PasswordComplexity } from "../factors/password_change.ts";

/** No real form is nested deeper; the rest is ignored. */
const DEPTH = 6;

/** `undefined` if it is not a form. `document` is needed to resolve `relatesTo`. */
export function parseIdxForm(given: unknown, document: Members): IdxForm | undefined {
  const form = membersOf(given);
  const name = textOf(form?.name);
  const passwordPage = textOf(form?.customExpiredPasswordURL);
  const href = textOf(form?.href) ?? passwordPage;
  if (form === undefined || name === undefined || href === undefined) return undefined;
  return {
    name,
    href,
    method: textOf(form.method)?.toUpperCase() ?? "POST",
    produces: textOf(form.produces),
    refresh: numberOf(form.refresh),
    fields: parseFields(form.value, document, 0),
    providerName: textOf(membersOf(form.idp)?.name) ?? textOf(form.type),
    passwordPage,
  };
}

function parseFields(given: unknown, document: Members, depth: number): IdxField[] {
  if (!Array.isArray(given) || depth > DEPTH) return [];
  return given.map((field) => parseField(field, document, depth))
    .filter((field) => field !== undefined);
}

function parseField(given: unknown, document: Members, depth: number): IdxField | undefined {
  const field = membersOf(given);
  const name = textOf(field?.name);
  if (field === undefined || name === undefined) return undefined;
  // `form: {value: […]}`, or, in older answers, `value: {form: {value: […]}}`.
  const inner = membersOf(field.form) ?? membersOf(membersOf(field.value)?.form);
  return {
    name,
    label: textOf(field.label),
    // Some responses have the text "false".
    required: field.required === true || field.required === "true",
    visible: field.visible !== false,
    value: inner === undefined ? valueOf(name, field.value) : undefined,
    fields: inner === undefined ? undefined : parseFields(inner.value, document, depth + 1),
    options: parseOptions(field.options, document, depth),
  };
}

function valueOf(name: string, value: unknown): IdxField["value"] {
  if (name === "stateHandle" && typeof value === "string") return new Secret(value);
  const isPlain = ["string", "number", "boolean"].includes(typeof value);
  return isPlain || membersOf(value) !== undefined ? value as IdxField["value"] : undefined;
}

function parseOptions(given: unknown, document: Members, depth: number): IdxOption[] {
  if (!Array.isArray(given)) return [];
  return given.map(membersOf).filter((option) => option !== undefined).map((option) => {
    const related = followRelatesTo(document, option.relatesTo);
    const form = membersOf(membersOf(option.value)?.form) ?? membersOf(option.form);
    return {
      label: textOf(option.label) ?? "",
      value: textOf(option.value),
      fields: parseFields(form?.value, document, depth + 1),
      relatesTo: related && toIdxAuthenticator(related),
    };
  });
}

export function parseIdxMessages(given: unknown): IdxMessage[] {
  const { value } = membersOf(given) ?? {};
  if (!Array.isArray(value)) return [];
  return value.map(membersOf).filter((message) => message !== undefined).map((message) => ({
    key: textOf(membersOf(message.i18n)?.key) ?? "",
    text: textOf(message.message) ?? "",
    level: textOf(message.class)?.toUpperCase() ?? "",
    links: Array.isArray(message.links)
      ? message.links.map((link) => textOf(membersOf(link)?.url)).filter((url) => url !== undefined)
      : [],
  }));
}

/** The messages at the fields of a form, nested ones too. */
export function fieldMessages(given: unknown): IdxMessage[] {
  return messagesWithin(given, 0);
}

function messagesWithin(given: unknown, depth: number): IdxMessage[] {
  if (depth > 4 * DEPTH) return [];
  if (Array.isArray(given)) return given.flatMap((one) => messagesWithin(one, depth + 1));
  const members = membersOf(given);
  if (members === undefined) return [];
  const { messages, value, form, options } = members;
  return [
    ...parseIdxMessages(messages),
    ...[value, form, options].flatMap((inner) => messagesWithin(inner, depth + 1)),
  ];
}

/** Used if the key is missing. */
const KEYS_BY_TYPE: Readonly<Record<string, string>> = {
  password: "okta_password",
  email: "okta_email",
  phone: "phone_number",
  security_question: "security_question",
  federated: "external_idp",
};

const RENAMED: Readonly<Record<string, string>> = {
  google_authenticator: "google_otp",
};

function keyOf(given: Members, methods: string[]): string {
  const key = textOf(given.key) ?? textOf(given.catalogKey);
  if (key !== undefined) return Object.hasOwn(RENAMED, key) ? RENAMED[key]! : key;
  const type = textOf(given.type) ?? "";
  if (type === "security_key" && methods.includes("webauthn")) return "webauthn";
  if (type === "app") return methods.includes("otp") ? "google_otp" : "okta_verify";
  return Object.hasOwn(KEYS_BY_TYPE, type) ? KEYS_BY_TYPE[type]! : type;
}

function methodsOf(given: Members): string[] {
  if (!Array.isArray(given.methods)) return [];
  return given.methods.map(membersOf)
    .map((method) => textOf(method?.type) ?? textOf(method?.methodType))
    .filter((method) => method !== undefined);
}

function textMembers(given: unknown): Record<string, string> {
  const entries = Object.entries(membersOf(given) ?? {})
    .filter(([, value]) => typeof value === "string");
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Some orgs send flags as text. */
function flagOf(given: unknown): boolean | undefined {
  if (typeof given === "boolean") return given;
  return given === "true" ? true : given === "false" ? false : undefined;
}

function complexityOf(settings: Members | undefined): PasswordComplexity | undefined {
  const complexity = membersOf(settings?.complexity);
  if (complexity === undefined) return undefined;
  const { excludeUsername } = complexity;
  return {
    minLength: numberOf(complexity.minLength),
    minLowerCase: numberOf(complexity.minLowerCase),
    minUpperCase: numberOf(complexity.minUpperCase),
    minNumber: numberOf(complexity.minNumber),
    minSymbol: numberOf(complexity.minSymbol),
    excludeUsername: flagOf(excludeUsername),
    historyCount: numberOf(membersOf(settings?.age)?.historyCount),
  };
}

/** Parses an authenticator or enrolment without its forms, which need the whole document. */
export function toIdxAuthenticator(given: Members): IdxAuthenticator {
  const methods = methodsOf(given);
  const settings = membersOf(given.settings);
  return {
    key: keyOf(given, methods),
    id: textOf(given.id),
    authenticatorId: textOf(given.authenticatorId),
    displayName: textOf(given.displayName) ?? textOf(given.authenticatorName),
    methods,
    profile: textMembers(given.profile),
    credentialId: textOf(given.credentialId),
    contextualData: membersOf(given.contextualData) ?? {},
    complexity: complexityOf(settings),
    daysToExpiry: numberOf(settings?.daysToExpiry),
    resend: undefined,
    poll: undefined,
  };
}
