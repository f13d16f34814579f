/**
 * What people call a factor, and how it is answered: one list for both of Okta's APIs.
 *
 * @module
 */

import { showUntrusted } from "../../untrusted_text.ts";
import type { AuthenticatorKind } from "./authenticator.ts";

export interface NamedFactor {
  /** `token:software:totp`, `push`, … in lower case. An open set. */
  factorType: string;
  /** `OKTA`, `GOOGLE`, … in upper case. An open set. */
  provider: string;
  /** The vendor's or the org's own name, untrusted. */
  vendorName: string | undefined;
  /** `phoneNumber`, `email`, `authenticatorName`, … Untrusted. */
  profile: Record<string, string>;
}

/**
 * By factorType; only a browser can serve the others
 * (https://developer.okta.com/docs/reference/api/factors/#factor-type).
 */
const KINDS: Readonly<Record<string, AuthenticatorKind>> = {
  "token:software:totp": "totp",
  "token:hotp": "typed_code",
  "token:hardware": "typed_code",
  "token": "typed_code",
  "sms": "sent_code",
  "call": "sent_code",
  "email": "sent_code",
  "question": "question",
  "password": "password",
  "push": "push",
  "tac": "typed_code",
  "u2f": "security_key",
  "webauthn": "security_key",
};

const NAMES: Readonly<Record<string, string>> = {
  "push": "push to Okta Verify",
  "question": "security question",
  "password": "password",
  "token:hotp": "one-time code of a device",
  "token:hardware": "code of a YubiKey",
  "sms": "SMS",
  "call": "voice call",
  "email": "e-mail",
  "u2f": "security key (U2F)",
  "webauthn": "security key or biometrics (WebAuthn)",
  "tac": "Temporary Access Code",
  "signed_nonce": "Okta FastPass",
  "web": "Duo",
  "claims_provider": "another identity provider",
  "assertion:saml2": "another identity provider",
  "assertion:oidc": "another identity provider",
};

const TOKENS: Readonly<Record<string, string>> = {
  RSA: "code of an RSA SecurID token",
  SYMANTEC: "code of Symantec VIP",
  DEL_OATH: "code of an on-prem token",
  CUSTOM: "code of an on-prem token",
};

/** `browser` if a terminal can't answer it. */
export function kindOfFactor(factorType: string): AuthenticatorKind {
  return Object.hasOwn(KINDS, factorType) ? KINDS[factorType]! : "browser";
}

function known(words: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** An administrator's name for a factor says more than its type: `Entrust`, `Acme IdP`. */
function vendorsName(
  vendorName: string | undefined,
  provider: string,
  word: string | undefined,
): string | undefined {
  const isOwn = /^(CUSTOM|GENERIC_)/.test(provider) && vendorName !== undefined &&
    vendorName.toUpperCase() !== provider;
  if (!isOwn) return undefined;
  return word === undefined ? showUntrusted(vendorName) : `${showUntrusted(vendorName)} (${word})`;
}

function wordOf(factorType: string, provider: string): string | undefined {
  if (factorType === "token") return known(TOKENS, provider);
  // A custom authenticator app has its own push.
  return factorType === "push" && provider === "CUSTOM" ? "push" : known(NAMES, factorType);
}

/** The phone number, address or device: tells two factors of one type apart. Safe to show. */
export function detailOfFactor(
  { factorType, profile }: Pick<NamedFactor, "factorType" | "profile">,
): string | undefined {
  const { phoneNumber, email, authenticatorName, deviceName, name } = profile;
  const detail = phoneNumber ?? email ?? authenticatorName ?? deviceName ??
    (factorType === "push" || factorType === "token:software:totp" ? name : undefined);
  return detail === undefined ? undefined : showUntrusted(detail);
}

/**
 * `SMS to +1 XXX-XXX-1337`, safe to show. Two factors of one type are told apart by their profiles.
 */
export function nameOfFactor(
  { factorType, provider, profile, vendorName }: NamedFactor,
): string {
  if (factorType === "token:software:totp") {
    return provider === "GOOGLE" ? "code of Google Authenticator" : "code of Okta Verify";
  }
  const word = wordOf(factorType, provider);
  const name = vendorsName(vendorName, provider, word) ?? word ?? showUntrusted(factorType);
  const where = profile.phoneNumber ?? profile.email;
  if (where !== undefined) return `${name} to ${showUntrusted(where)}`;
  const device = profile.authenticatorName ?? (factorType === "push" ? profile.name : undefined);
  return device === undefined ? name : `${name}: ${showUntrusted(device)}`;
}
