/**
 * AES-256-GCM for Okta sessions, and for cached credentials if the settings say so. The key is in the
 * account's secret item.
 *
 * @module
 */

import { Secret } from "../secret.ts";

const NONCE_BYTES = 12;

function importKey(key: Secret): Promise<CryptoKey> {
  const bytes = Uint8Array.fromBase64(key.reveal());
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** A random key: 32 bytes, base64. */
export function newSealKey(): Secret {
  return new Secret(crypto.getRandomValues(new Uint8Array(32)).toBase64());
}

/** Whether a text is 32 bytes in base64. */
export function isSealKey(key: Secret): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(key.reveal());
}

/** Returns nonce and ciphertext, base64. `purpose` says what the text is and whose. */
export async function seal(key: Secret, purpose: string, text: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const additionalData = new TextEncoder().encode(purpose);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    await importKey(key),
    new TextEncoder().encode(text),
  );
  return new Uint8Array([...iv, ...new Uint8Array(sealed)]).toBase64();
}

/** Returns `undefined` unless key and purpose are those of {@linkcode seal}. */
export async function unseal(
  key: Secret,
  purpose: string,
  sealed: string,
): Promise<string | undefined> {
  try {
    const bytes = Uint8Array.fromBase64(sealed);
    const text = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: bytes.subarray(0, NONCE_BYTES),
        additionalData: new TextEncoder().encode(purpose),
      },
      await importKey(key),
      bytes.subarray(NONCE_BYTES),
    );
    return new TextDecoder().decode(text);
  } catch {
    return undefined;
  }
}
