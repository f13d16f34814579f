/** Secrets for `init`, as they are typed or read with `--secrets-stdin`. @module */

import { SettingsError, UsageError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import { formatTotpUri, parseTotpSecret } from "../../totp/otpauth_uri.ts";

export interface GivenSecrets {
  password: Secret | undefined;
  /** An `otpauth://` URI. */
  totp: Secret | undefined;
}

/** `undefined` for empty text. */
export function secretOf(text: string | undefined): Secret | undefined {
  return text ? new Secret(text) : undefined;
}

/**
 * A TOTP secret as an `otpauth://` URI, as it is stored; `undefined` for empty text.
 *
 * @param text Base32 or an `otpauth://` URI.
 * @throws {SettingsError} `bad_totp_secret`
 */
export function totpOf(text: string | undefined): Secret | undefined {
  return text ? formatTotpUri(parseTotpSecret(text)) : undefined;
}

/** Characters of base32 for 80 bits: no service gives a shorter secret. */
const LEAST_CHARACTERS = 16;

/**
 * {@linkcode totpOf} for what a person types: words that happen to be base32 are no secret.
 *
 * @throws {SettingsError} `bad_totp_secret`
 */
export function typedTotp(text: string): Secret | undefined {
  const characters = text.replace(/[\s-]/g, "").length;
  if (characters > 0 && characters < LEAST_CHARACTERS && !text.includes(":")) totpOf(text);
  else return totpOf(text);
  throw new SettingsError(`a TOTP secret has ${LEAST_CHARACTERS} characters or more`, {
    code: "bad_totp_secret",
    hint:
      'enter the key that the service shows beside the QR code ("Can\'t scan?"), or okta-aws init --qr FILE',
  });
}

/**
 * Parses the input of `--secrets-stdin`; the messages of its errors hold no part of it.
 *
 * @param input `{"password": "…", "totp": "otpauth://… or base32"}`, each key optional.
 * @throws {UsageError} `bad_secrets_input`
 */
export function parseSecretsInput(input: Secret): GivenSecrets {
  let document: unknown;
  try {
    document = JSON.parse(input.reveal());
  } catch {
    throw badInput("is not JSON");
  }
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    throw badInput("is not a JSON object");
  }
  const unknown = Object.keys(document).find((key) => key !== "password" && key !== "totp");
  if (unknown !== undefined) throw badInput("has a key other than password and totp");
  const { password, totp } = document as Record<string, unknown>;
  for (const value of [password, totp]) {
    if (value !== undefined && typeof value !== "string") {
      throw badInput("has a value that is not a string");
    }
  }
  return { password: secretOf(password as string), totp: totpOf(totp as string) };
}

function badInput(what: string): UsageError {
  return new UsageError(`standard input ${what}`, {
    code: "bad_secrets_input",
    hint: 'pass {"password": "…", "totp": "otpauth://… or base32"}',
  });
}
