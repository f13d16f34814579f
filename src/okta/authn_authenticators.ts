/**
 * The authn API's factors as authenticators: how each is answered, and what people call it.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";
import type { Authenticator, AuthenticatorKind } from "./authenticator.ts";
import type { Factor } from "./authn_transaction.ts";

/** By factorType; what is not here only a browser can serve (protocol.md, a.4). */
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

function kindOf({ factorType, provider, verify }: Factor): AuthenticatorKind {
  if (verify === undefined) return "browser";
  if (factorType === "web" && provider === "DUO") return "duo";
  return Object.hasOwn(KINDS, factorType) ? KINDS[factorType]! : "browser";
}

function known(words: Readonly<Record<string, string>>, word: string): string | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** What an administrator has called a factor says more than its type: `Entrust`, `Acme IdP`. */
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

/** Two factors of one type are told apart by what their profile has. */
function nameOf({ factorType, provider, profile, vendorName }: Factor): string {
  if (factorType === "token:software:totp") {
    return provider === "GOOGLE" ? "code of Google Authenticator" : "code of Okta Verify";
  }
  const word = factorType === "token" ? known(TOKENS, provider) : known(NAMES, factorType);
  const name = vendorsName(vendorName, provider, word) ?? word ?? showUntrusted(factorType);
  const where = profile.phoneNumber ?? profile.email;
  if (where !== undefined) return `${name} to ${showUntrusted(where)}`;
  const device = profile.authenticatorName ?? (factorType === "push" ? profile.name : undefined);
  return device === undefined ? name : `${name}: ${showUntrusted(device)}`;
}

/**
 * What a factor is to a person.
 *
 * @param factor The factor, as Okta offers it.
 * @returns The authenticator; `browser` where a terminal can't answer it.
 */
export function authenticatorOf(factor: Factor): Authenticator {
  const { factorType, provider, id, profile } = factor;
  const { questionText } = profile;
  return {
    kind: kindOf(factor),
    factorType,
    provider,
    id,
    name: nameOf(factor),
    question: questionText === undefined ? undefined : showUntrusted(questionText),
  };
}
