/** Random tokens, their comparison, and what is signed with a key of ours. @module */

import type { Secret } from "../secret.ts";

const encoder = new TextEncoder();

/** 256 random bits, in base64url. */
export function randomToken(): string {
  return base64Url(crypto.getRandomValues(new Uint8Array(32)));
}

/** Whether a text is one of {@linkcode randomToken}. */
export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text)));
}

/** Compares two texts in a time that depends on neither's content. */
export async function isEqual(given: string, expected: string): Promise<boolean> {
  const [one, other] = [await digest(given), await digest(expected)];
  return one.reduce((difference, byte, at) => difference | (byte ^ other[at]!), 0) === 0;
}

/** HMAC-SHA-256 in base64url. */
export async function sign(key: Secret, text: string): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const bytes = encoder.encode(key.reveal());
  const imported = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  return base64Url(
    new Uint8Array(await crypto.subtle.sign("HMAC", imported, encoder.encode(text))),
  );
}
