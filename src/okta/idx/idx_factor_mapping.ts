import type { AuthenticatorKind } from "../factors/authenticator.ts";
import { kindOfFactor } from "../factors/authenticator_names.ts";

/**
 * factorType and provider of the authn API by authenticator key and method; `*` is any method.
 * Keys: https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Authenticator/
 */
const FACTORS: Readonly<Record<string, readonly [factorType: string, provider: string]>> = {
  "okta_password *": ["password", "OKTA"],
  "okta_verify push": ["push", "OKTA"],
  "okta_verify totp": ["token:software:totp", "OKTA"],
  "okta_verify signed_nonce": ["signed_nonce", "OKTA"],
  "google_otp *": ["token:software:totp", "GOOGLE"],
  "phone_number sms": ["sms", "OKTA"],
  "phone_number voice": ["call", "OKTA"],
  "okta_email *": ["email", "OKTA"],
  "security_question *": ["question", "OKTA"],
  "webauthn *": ["webauthn", "FIDO"],
  "duo *": ["web", "DUO"],
  "rsa_token *": ["token", "RSA"],
  "symantec_vip *": ["token", "SYMANTEC"],
  "onprem_mfa *": ["token", "DEL_OATH"],
  "yubikey_token *": ["token:hardware", "YUBICO"],
  "custom_otp *": ["token:hotp", "CUSTOM"],
  "custom_app push": ["push", "CUSTOM"],
  "tac *": ["tac", "OKTA"],
  "external_idp *": ["claims_provider", "CUSTOM"],
};

/** The method if Okta names none. */
const DEFAULT_METHODS: Readonly<Record<string, string>> = {
  okta_password: "password",
  okta_email: "email",
  okta_verify: "push",
  phone_number: "sms",
  security_question: "security_question",
  webauthn: "webauthn",
  duo: "duo",
  custom_app: "push",
  tac: "tac",
  external_idp: "idp",
  smart_card_idp: "cert",
};

/** factorType and provider of the authn API. */
export function factorOf(key: string, method: string): readonly [string, string] {
  const own = [`${key} ${method}`, `${key} *`].find((words) => Object.hasOwn(FACTORS, words));
  if (own !== undefined) return FACTORS[own]!;
  // Unknown authenticator: a one-time code can still be typed.
  return [method === "otp" || method === "totp" ? "token:hotp" : `${key}:${method}`, "CUSTOM"];
}

export function kindOf(key: string, factorType: string): AuthenticatorKind {
  return key === "duo" ? "duo" : kindOfFactor(factorType);
}

/** An option that relates to no authenticator has only a label. */
const KEYS_BY_LABEL: readonly [RegExp, string][] = [
  [/password/i, "okta_password"],
  [/okta verify/i, "okta_verify"],
  [/google auth/i, "google_otp"],
  [/e-?mail/i, "okta_email"],
  [/phone|sms/i, "phone_number"],
  [/security key|webauthn|passkey|biometric/i, "webauthn"],
  [/question/i, "security_question"],
];

/** The authenticator key for a label, or `unknown`. */
export function keyOfLabel(label: string): string {
  return KEYS_BY_LABEL.find(([words]) => words.test(label))?.[1] ?? "unknown";
}

/** The default method of an authenticator, or `otp`. */
export function methodOfKey(key: string): string {
  return Object.hasOwn(DEFAULT_METHODS, key) ? DEFAULT_METHODS[key]! : "otp";
}
