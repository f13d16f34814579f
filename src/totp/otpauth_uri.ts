/**
 * TOTP secrets as users enter them (base32, or the `otpauth://` URI of a QR code) and as they are
 * stored (that URI in canonical form).
 *
 * Format: https://github.com/google/google-authenticator/wiki/Key-Uri-Format
 *
 * @module
 */

import { Secret } from "../secret.ts";
import { badSecret, normalizeBase32 } from "./base32.ts";
import type { CodeDigits, TotpAlgorithm, TotpParameters } from "./totp.ts";

const DEFAULT_DIGITS: CodeDigits = 6;
const DEFAULT_PERIOD_SECONDS = 30;

/**
 * Parses base32 (then SHA-1, 6 digits, 30 s) or an `otpauth://totp/…` URI.
 *
 * @throws {SettingsError} `bad_totp_secret`; message and hint never quote the text.
 */
export function parseTotpSecret(text: string): TotpParameters {
  const given = text.trim();
  if (/^[a-z][a-z0-9+.-]*:/i.test(given)) return parseUri(given);
  if (/^\d{6,8}$/.test(given)) {
    throw badSecret(
      "this looks like a one-time code, not like a TOTP secret",
    );
  }
  return {
    key: new Secret(normalizeBase32(given)),
    algorithm: "SHA-1",
    digits: DEFAULT_DIGITS,
    periodSeconds: DEFAULT_PERIOD_SECONDS,
    issuer: undefined,
    account: undefined,
  };
}

/**
 * The canonical `otpauth://totp/…` URI with all parameters, so that it does not depend on defaults.
 * {@linkcode parseTotpSecret} reads it back.
 */
export function formatTotpUri(parameters: TotpParameters): Secret {
  const { key, algorithm, digits, periodSeconds, issuer, account } = parameters;
  const prefix = issuer === undefined ? "" : encodeURIComponent(issuer);
  // The colon is there even if one side is empty, to tell issuer from account.
  const label = `${prefix}:${encodeURIComponent(account ?? "")}`;
  const query = [
    `secret=${key.reveal()}`,
    ...(issuer === undefined ? [] : [`issuer=${prefix}`]),
    `algorithm=${algorithm.replace("-", "")}`,
    `digits=${digits}`,
    `period=${periodSeconds}`,
  ];
  return new Secret(`otpauth://totp/${label}?${query.join("&")}`);
}

function parseUri(text: string): TotpParameters {
  // URIs copied from HTML source contain "&amp;".
  const uri = URL.parse(text.replaceAll("&amp;", "&"));
  refuseOtherUris(uri);
  const query = readQuery(uri!.searchParams);
  const secret = query.get("secret");
  if (secret === undefined) throw badSecret("the otpauth URI has no secret");
  const label = readLabel(uri!.pathname.slice(1));
  return {
    key: new Secret(normalizeBase32(secret)),
    algorithm: readAlgorithm(query.get("algorithm")),
    digits: readDigits(query.get("digits")),
    periodSeconds: readPeriod(query.get("period")),
    issuer: textOrNothing(query.get("issuer")) ?? label.issuer,
    account: label.account,
  };
}

function refuseOtherUris(uri: URL | null): void {
  if (uri?.protocol === "otpauth-migration:") {
    throw badSecret(
      "an otpauth-migration URI is the export of an app, not one secret",
      "pass a picture of its QR code: okta-aws init --qr FILE",
    );
  }
  if (uri?.protocol !== "otpauth:") {
    throw badSecret("the TOTP secret is neither base32 nor an otpauth:// URI");
  }
  const type = uri.hostname.toLowerCase();
  if (type === "totp") return;
  if (type !== "hotp") throw badSecret("the otpauth URI is not of type totp");
  throw badSecret(
    "the otpauth URI is for counter-based codes (hotp), not time-based ones (totp)",
    "enrol an authenticator app with time-based codes, such as Google Authenticator",
  );
}

/** Names are case-insensitive; a repeated name must have the same value. */
function readQuery(parameters: URLSearchParams): Map<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of parameters) {
    const key = name.toLowerCase();
    const known = query.get(key);
    if (known !== undefined && known !== value && KNOWN_PARAMETERS.has(key)) {
      throw badSecret(`the otpauth URI has two different values for ${key}`);
    }
    query.set(key, value);
  }
  return query;
}

const KNOWN_PARAMETERS = new Set(["secret", "issuer", "algorithm", "digits", "period"]);

/** SHA1, SHA-1, sha_256, HMAC-SHA256, HmacSHA512, … are all in use. */
function readAlgorithm(text: string | undefined): TotpAlgorithm {
  const name = (text ?? "").toUpperCase().replace(/[^A-Z0-9]/g, "").replace(/^HMAC/, "");
  if (name === "" || name === "SHA1" || name === "SHA") return "SHA-1";
  if (name === "SHA256") return "SHA-256";
  if (name === "SHA512") return "SHA-512";
  throw badSecret("the otpauth URI needs an algorithm other than SHA1, SHA256 or SHA512");
}

function readDigits(text: string | undefined): CodeDigits {
  const digits = text?.trim() || DEFAULT_DIGITS;
  if (!/^[678]$/.test(String(digits))) {
    throw badSecret("the otpauth URI needs codes of other than 6, 7 or 8 digits");
  }
  return Number(digits) as CodeDigits;
}

function readPeriod(text: string | undefined): number {
  const period = text?.trim() || String(DEFAULT_PERIOD_SECONDS);
  if (!/^0*[1-9]\d{0,8}$/.test(period)) {
    throw badSecret("the period in the otpauth URI is not a positive whole number");
  }
  return Number(period);
}

/** `Issuer:account`; the colon may be percent-encoded and followed by spaces. */
function readLabel(raw: string): { issuer: string | undefined; account: string | undefined } {
  const literal = raw.indexOf(":");
  const encoded = literal === -1 ? raw.search(/%3a/i) : literal;
  if (encoded === -1) return { issuer: undefined, account: textOrNothing(decodePercent(raw)) };
  const rest = raw.slice(encoded + (literal === -1 ? 3 : 1));
  return {
    issuer: textOrNothing(decodePercent(raw.slice(0, encoded))),
    account: textOrNothing(decodePercent(rest)),
  };
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textOrNothing(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}
