/**
 * One-time codes from a counter (RFC 4226), on WebCrypto.
 *
 * @module
 */

import { Secret } from "../secret.ts";

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
