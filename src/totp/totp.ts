/**
 * One-time codes from the time (RFC 6238).
 *
 * @module
 */

import { Secret } from "../secret.ts";
import { decodeBase32 } from "./base32.ts";

/** All that a one-time code is computed from, and what it is for. */
export interface TotpParameters {
  /** The shared key as canonical base32: upper case, no padding. */
  readonly key: Secret;
  /** The hash; SHA-1 nearly everywhere, Okta included. */
  readonly algorithm: TotpAlgorithm;
  readonly digits: CodeDigits;
  /** How long one code lives, whole seconds. */
  readonly periodSeconds: number;
  /** Who issued the key, as the otpauth URI said. */
  readonly issuer: string | undefined;
  /** Whose key it is, as the otpauth URI said. */
  readonly account: string | undefined;
}

/** A code, and how long it is good for. */
export interface TotpCode {
  readonly code: Secret;
  /** The time step it belongs to: a server takes one code per step, once. */
  readonly counter: number;
  /** Whole seconds until the next step, rounded up: 1 to the period. */
  readonly secondsLeft: number;
}

/**
 * The code of one moment (RFC 6238, section 4, with T0 = 0).
 *
 * @param epochMilliseconds The moment, milliseconds since the Unix epoch.
 */
export async function totpCode(
  parameters: TotpParameters,
  epochMilliseconds: number,
): Promise<TotpCode> {
  const periodMilliseconds = parameters.periodSeconds * 1000;
  const counter = Math.floor(epochMilliseconds / periodMilliseconds);
  const key = decodeBase32(parameters.key.reveal());
  const code = await hotpCode(key, counter, parameters.algorithm, parameters.digits);
  const left = (counter + 1) * periodMilliseconds - epochMilliseconds;
  return { code, counter, secondsLeft: Math.ceil(left / 1000) };
}

/** The hashes that RFC 6238 allows, by WebCrypto's names. */
export type TotpAlgorithm = "SHA-1" | "SHA-256" | "SHA-512";

/** How many digits a code has. */
export type CodeDigits = 6 | 7 | 8;

/**
 * The code for one counter (RFC 4226, section 5.3).
 *
 * @param counter 0 up to `Number.MAX_SAFE_INTEGER`; all 64 bits of it count.
 */
export async function hotpCode(
  key: Uint8Array<ArrayBuffer>,
  counter: number,
  algorithm: TotpAlgorithm,
  digits: CodeDigits,
): Promise<Secret> {
  const hash = { name: "HMAC", hash: algorithm };
  const hmacKey = await crypto.subtle.importKey("raw", key, hash, false, ["sign"]);
  const message = new DataView(new ArrayBuffer(8));
  message.setBigUint64(0, BigInt(counter));
  const mac = new DataView(await crypto.subtle.sign("HMAC", hmacKey, message));
  const offset = mac.getUint8(mac.byteLength - 1) & 0xf;
  const truncated = mac.getUint32(offset) & 0x7fffffff;
  return new Secret(String(truncated % 10 ** digits).padStart(digits, "0"));
}
