/**
 * Ids and keys that look like Okta's and AWS's.
 *
 * @module
 */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function pick(alphabet: string, length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}

/** @returns An Okta id: the prefix that tells the kind (`00u`, `0oa`, `uft`), 20 characters in all. */
export function oktaId(prefix: string): string {
  return `${prefix}${pick(LETTERS, 15)}0h7`.slice(0, 20);
}

/** @returns An Okta token such as a stateToken: `00` and 40 base64url characters, hyphens among them. */
export function oktaToken(prefix = "00"): string {
  return `${prefix}${pick(LETTERS + "-_", 19)}-${pick(LETTERS + "-_", 19)}x`;
}

/** @returns An AWS id: `ASIA…`, `AROA…`, 20 characters. */
export function awsId(prefix: string): string {
  return `${prefix}${pick(BASE32, 16)}`;
}

/** @returns `length` characters of base64 with `+` and `/` among them. */
export function base64Text(length: number): string {
  return `${pick(LETTERS, 4)}+${pick(LETTERS, 3)}/${pick(LETTERS + "+/", length - 9)}`;
}

/** @returns A session token as STS makes them, longer than 400 characters. */
export function awsSessionToken(): string {
  return `IQoJb3JpZ2luX2VjE${base64Text(560)}==`;
}

/** @returns `length` decimal digits. */
export function digits(length: number): string {
  return pick("123456789", length);
}
