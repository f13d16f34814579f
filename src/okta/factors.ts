/**
 * Which factor to answer, and what people call it.
 *
 * @module
 */

import { showUntrusted } from "../untrusted_text.ts";
import type { Factor } from "./authn_transaction.ts";

/** What a person asked for, by flag, environment, profile or account. */
export interface FactorPreference {
  /** `token:software:totp`, in any case. */
  factorType: string | undefined;
  /** `GOOGLE`, `OKTA`, in any case. */
  provider: string | undefined;
}

const NAMES: Readonly<Record<string, string>> = {
  "push": "push to Okta Verify",
  "question": "security question",
  "token:hotp": "one-time code of a hardware device",
  "token:hardware": "YubiKey code",
  "token": "code of a token",
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

/**
 * What a person calls a factor: `SMS to +1 XXX-XXX-1337`.
 *
 * @param factor The factor.
 * @returns One line, safe to show.
 */
export function factorName(factor: Factor): string {
  const { factorType, provider, profile } = factor;
  if (factorType === "token:software:totp") {
    return provider === "GOOGLE" ? "code of Google Authenticator" : "code of Okta Verify";
  }
  const known = Object.hasOwn(NAMES, factorType) ? NAMES[factorType] : undefined;
  const name = known ?? showUntrusted(factorType);
  const where = profile.phoneNumber ?? profile.email;
  return where === undefined ? name : `${name} to ${showUntrusted(where)}`;
}

/**
 * Whether a factor is answered by a time-based code, which okta-aws computes or asks for.
 *
 * @param factor The factor.
 * @returns Whether it is.
 */
export function isTotp(factor: Factor): boolean {
  return factor.factorType === "token:software:totp" && factor.verify !== undefined;
}

/**
 * Picks the time-based code factor to answer: the one that was asked for, else Google's before Okta
 * Verify's, since only the secret of the first can have been stored.
 *
 * @param factors What Okta offers.
 * @param preference What the person asked for.
 * @returns The factor, or `undefined` where none fits.
 */
export function chooseTotpFactor(
  factors: Factor[],
  preference: FactorPreference,
): Factor | undefined {
  const type = preference.factorType?.toLowerCase();
  if (type !== undefined && type !== "token:software:totp") return undefined;
  const provider = preference.provider?.toUpperCase();
  const fitting = factors.filter(isTotp)
    .filter((factor) => provider === undefined || factor.provider === provider);
  return fitting.find((factor) => factor.provider === "GOOGLE") ?? fitting[0];
}
