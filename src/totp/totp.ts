/**
 * One-time codes from the time (RFC 6238) and from a counter (RFC 4226).
 *
 * @module
 */

import { Secret } from "../secret.ts";
import { decodeBase32 } from "./base32.ts";

export interface TotpParameters {
  /** Canonical base32: upper case, no padding. */
  readonly key: Secret;
  /** Almost always SHA-1, also at Okta. */
  readonly algorithm: TotpAlgorithm;
  readonly digits: CodeDigits;
  readonly periodSeconds: number;
  /** From the otpauth URI. */
  readonly issuer: string | undefined;
  /** From the otpauth URI. */
  readonly account: string | undefined;
}

export interface TotpCode {
  readonly code: Secret;
  /** The time step. A server accepts one code per step, once. */
  readonly counter: number;
  /** Whole seconds until the next step, 1 up to the period. */
  readonly secondsLeft: number;
}

/** The code at a time in milliseconds since the Unix epoch (RFC 6238, section 4, T0 = 0). */
export async function totpCode(
  parameters: TotpParameters,
  epochMilliseconds: number,
): Promise<TotpCode> {
  const periodMilliseconds = parameters.periodSeconds * 1000;
  const counter = Math.floor(epochMilliseconds / periodMilliseconds);
  const key = decodeBase32(parameters.key.reveal());
  const code = await hotpCode(key, counter, parameters);
  const left = (counter + 1) * periodMilliseconds - epochMilliseconds;
  return { code, counter, secondsLeft: Math.ceil(left / 1000) };
}

/** The hashes of RFC 6238, with the names of WebCrypto. */
export type TotpAlgorithm = "SHA-1" | "SHA-256" | "SHA-512";

export type CodeDigits = 6 | 7 | 8;

/**
 * The code for a counter, a 64-bit number up to `Number.MAX_SAFE_INTEGER` (RFC 4226, section 5.3).
 */
export async function hotpCode(
  key: Uint8Array<ArrayBuffer>,
  counter: number,
  { algorithm, digits }: Pick<TotpParameters, "algorithm" | "digits">,
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
