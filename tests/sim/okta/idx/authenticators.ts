/**
 * A user's factors in Identity Engine's terms: authenticators with methods. A phone is one
 * authenticator for SMS and calls, Okta Verify one for push, code and FastPass.
 */

import type { SimFactor, SimUser } from "../../world.ts";

export interface SimAuthenticator {
  /** `okta_password`, `google_otp`, … */
  key: string;
  /** `app`, `phone`, `password`, … */
  type: string;
  displayName: string;
  /** The same for all users. */
  id: string;
  /** The id of the user's enrollment. */
  enrollmentId: string;
  /** `push`, `sms`, `otp`, …, and the factor of each. */
  methods: Map<string, SimFactor | undefined>;
  profile?: Record<string, unknown>;
  /** A security key's credential id, base64url; a YubiKey's number. */
  credentialId?: string;
  /** Whether answers use `currentAuthenticatorEnrollment` rather than `currentAuthenticator`. */
  byEnrollment: boolean;
}

type Kind = [key: string, type: string, name: string, method: string, byEnrollment: boolean];

/** By Classic's factorType and provider; some exist on Identity Engine only. */
const KINDS: Record<string, Kind> = {
  "token:software:totp GOOGLE": ["google_otp", "app", "Google Authenticator", "otp", false],
  "token:software:totp OKTA": ["okta_verify", "app", "Okta Verify", "totp", false],
  "push OKTA": ["okta_verify", "app", "Okta Verify", "push", false],
  "signed_nonce OKTA": ["okta_verify", "app", "Okta Verify", "signed_nonce", false],
  "push CUSTOM": ["custom_app", "app", "Custom Push", "push", false],
  "sms OKTA": ["phone_number", "phone", "Phone", "sms", true],
  "call OKTA": ["phone_number", "phone", "Phone", "voice", true],
  "email OKTA": ["okta_email", "email", "Email", "email", true],
  "question OKTA": [
    "security_question",
    "security_question",
    "Security Question",
    "security_question",
    true,
  ],
  "token:hotp CUSTOM": ["custom_otp", "otp", "Custom OTP", "otp", true],
  "token RSA": ["rsa_token", "security_key", "RSA SecurID", "otp", true],
  "token SYMANTEC": ["symantec_vip", "app", "Symantec VIP", "otp", false],
  "token DEL_OATH": ["onprem_mfa", "security_key", "On-Prem MFA", "otp", true],
  "token:hardware YUBICO": [
    "yubikey_token",
    "security_key",
    "YubiKey Authenticator",
    "otp",
    true,
  ],
  "tac OKTA": ["tac", "tac", "Temporary Access Code", "tac", false],
  "web DUO": ["duo", "app", "Duo Security", "duo", true],
  "webauthn FIDO": ["webauthn", "security_key", "Security Key or Biometric", "webauthn", false],
  "claims_provider CUSTOM": ["external_idp", "federated", "IdP Authenticator", "idp", true],
};

/** Derived from the key, so the same for all users. */
function authenticatorId(key: string): string {
  return `aut${key.replaceAll("_", "")}0000000000000`.slice(0, 17) + "0g4";
}

export function passwordAuthenticator(): SimAuthenticator {
  return {
    key: "okta_password",
    type: "password",
    displayName: "Password",
    id: authenticatorId("okta_password"),
    enrollmentId: "lae3obwhjXZOu3dfz0g4",
    methods: new Map([["password", undefined]]),
    byEnrollment: true,
  };
}

function profileOf({ factorType, profile }: SimFactor): Record<string, unknown> | undefined {
  if (factorType === "push" || factorType === "signed_nonce") {
    return { deviceName: profile?.name ?? "Jane’s iPhone" };
  }
  if (factorType === "question") {
    return { questionKey: profile?.question, question: profile?.questionText };
  }
  const { phoneNumber, email } = profile ?? {};
  if (phoneNumber !== undefined) return { phoneNumber };
  return email === undefined ? undefined : { email };
}

/** `undefined` if Identity Engine has no such authenticator. */
export function authenticatorOf(factor: SimFactor): SimAuthenticator | undefined {
  const kind = KINDS[`${factor.factorType} ${factor.provider}`];
  if (!kind) return undefined;
  const [key, type, name, method, byEnrollment] = kind;
  const profile = profileOf(factor);
  return {
    key,
    type,
    displayName: factor.vendorName ?? name,
    id: authenticatorId(key),
    enrollmentId: factor.id,
    methods: new Map([[method, factor]]),
    byEnrollment,
    ...(profile ? { profile } : {}),
    ...(KEYS.has(key) ? { credentialId: String(factor.profile?.credentialId) } : {}),
  };
}

/** The password and the factors; factors that are methods of one authenticator are joined. */
export function authenticatorsOf(user: SimUser): SimAuthenticator[] {
  const all = [passwordAuthenticator()];
  for (const factor of user.factors) {
    const made = authenticatorOf(factor);
    const same = made && JOINED.has(made.key) && all.find(({ key }) => key === made.key);
    if (!same) all.push(...(made ? [made] : []));
    else {
      for (const [method, one] of made.methods) same.methods.set(method, one);
      if (made.profile) same.profile ??= made.profile;
    }
  }
  return all;
}

/** Authenticators whose enrollment shows a credential id. */
const KEYS = new Set(["webauthn", "yubikey_token"]);

/** Authenticators with several Classic factors as methods. */
const JOINED = new Set(["okta_verify", "phone_number"]);
