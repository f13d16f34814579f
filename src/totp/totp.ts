/**
 * One-time codes from the time (RFC 6238).
 *
 * @module
 */

import type { Secret } from "../secret.ts";
import { decodeBase32 } from "./base32.ts";
import { type CodeDigits, hotpCode, type TotpAlgorithm } from "./hotp.ts";

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
