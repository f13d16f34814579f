import type { PasswordComplexity } from "../classic/authn_transaction.ts";
import { type Members, membersOf, numberOf, textOf } from "./idx_json.ts";
import type { IdxAuthenticator } from "./idx_transaction.ts";

/** Where the key is missing, the type says enough. */
const KEYS_BY_TYPE: Readonly<Record<string, string>> = {
  password: "okta_password",
  email: "okta_email",
  phone: "phone_number",
  security_question: "security_question",
  federated: "external_idp",
};

/** Keys of old answers. */
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
    excludeUsername: typeof excludeUsername === "boolean" ? excludeUsername : undefined,
    historyCount: numberOf(membersOf(settings?.age)?.historyCount),
  };
}

/** Reads an authenticator or an enrolment; its forms are left to who has the whole document. */
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
