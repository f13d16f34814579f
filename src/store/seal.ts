/**
 * AES-256-GCM for Okta sessions, and for cached credentials if the settings say so. The key is in the
 * account's secret item, or derived from the secrets if they are not stored by us.
 *
 * @module
 */

import { Secret } from "../secret.ts";

const NONCE_BYTES = 12;
const SALT_BYTES = 16;

/** 32 random bytes in base64, or secrets from which each text's key is derived. */
export type SealKey = Secret | KeyMaterial;

/** Secrets that a key is derived from, with a salt for each text (HKDF-SHA-256, RFC 5869). */
export class KeyMaterial {
  constructor(readonly secret: Secret) {}
}

function importKey(key: Secret): Promise<CryptoKey> {
  const bytes = Uint8Array.fromBase64(key.reveal());
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

async function deriveKey(
  { secret }: KeyMaterial,
  salt: Uint8Array<ArrayBuffer>,
): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(secret.reveal());
  const material = await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("okta-aws seal");
  return await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt, info },
    material,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
}

/** A random key: 32 bytes, base64. */
export function newSealKey(): Secret {
  return new Secret(crypto.getRandomValues(new Uint8Array(32)).toBase64());
}

/** Whether a text is 32 bytes in base64. */
export function isSealKey(key: Secret): boolean {
  return /^[A-Za-z0-9+/]{43}=$/.test(key.reveal());
}

/**
 * Returns the salt (if the key is derived), nonce and ciphertext, base64. `purpose` says what the text
 * is and whose.
 */
export async function seal(key: SealKey, purpose: string, text: string): Promise<string> {
  const isDerived = key instanceof KeyMaterial;
  const salt = crypto.getRandomValues(new Uint8Array(isDerived ? SALT_BYTES : 0));
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const additionalData = new TextEncoder().encode(purpose);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData },
    isDerived ? await deriveKey(key, salt) : await importKey(key),
    new TextEncoder().encode(text),
  );
  return new Uint8Array([...salt, ...iv, ...new Uint8Array(sealed)]).toBase64();
}

/** Returns `undefined` unless key and purpose are those of {@linkcode seal}. */
export async function unseal(
  key: SealKey,
  purpose: string,
  sealed: string,
): Promise<string | undefined> {
  try {
    const all = Uint8Array.fromBase64(sealed);
    const isDerived = key instanceof KeyMaterial;
    const bytes = all.subarray(isDerived ? SALT_BYTES : 0);
    const text = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: bytes.subarray(0, NONCE_BYTES),
        additionalData: new TextEncoder().encode(purpose),
      },
      isDerived ? await deriveKey(key, all.subarray(0, SALT_BYTES)) : await importKey(key),
      bytes.subarray(NONCE_BYTES),
    );
    return new TextDecoder().decode(text);
  } catch {
    return undefined;
  }
}
