/** Random ids and keys in Okta's and AWS's formats. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function pick(alphabet: string, length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("");
}

/** 20 characters; the prefix tells the type (`00u`, `0oa`, `uft`). */
export function oktaId(prefix: string): string {
  return `${prefix}${pick(LETTERS, 15)}0h7`.slice(0, 20);
}

/** A token such as a stateToken: `00` and 40 base64url characters, with a hyphen. */
export function oktaToken(prefix = "00"): string {
  return `${prefix}${pick(LETTERS + "-_", 19)}-${pick(LETTERS + "-_", 19)}x`;
}

/** `ASIA…`, `AROA…`: 20 characters. */
export function awsId(prefix: string): string {
  return `${prefix}${pick(BASE32, 16)}`;
}

/** `length` characters of base64, with `+` and `/`. */
export function base64Text(length: number): string {
  return `${pick(LETTERS, 4)}+${pick(LETTERS, 3)}/${pick(LETTERS + "+/", length - 9)}`;
}

/** A session token of STS's length, more than 400 characters. */
export function awsSessionToken(): string {
  return `IQoJb3JpZ2luX2VjE${base64Text(560)}==`;
}

export function digits(length: number): string {
  return pick("123456789", length);
}
