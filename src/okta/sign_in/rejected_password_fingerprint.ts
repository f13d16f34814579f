/**
 * How a refused password is known again where no item keeps it (the environment's, a command's): 16
 * bits of a slow, salted hash. Enough to tell another password from the same one, and too few to
 * find it out.
 *
 * @module
 */

import type { Secret } from "../../secret.ts";

/** What is kept of a password that Okta refused. */
export interface RejectedFingerprint {
  /** Random, hexadecimal. */
  salt: string;
  /** 16 bits, hexadecimal. */
  hash: string;
}

const ITERATIONS = 600_000;
const SALT_BYTES = 16;
const HASH_BITS = 16;

async function hashOf(password: Secret, salt: string): Promise<string> {
  const text = new TextEncoder().encode(password.reveal());
  const key = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const parameters = {
    name: "PBKDF2",
    hash: "SHA-256",
    iterations: ITERATIONS,
    salt: Uint8Array.fromHex(salt),
  };
  return new Uint8Array(await crypto.subtle.deriveBits(parameters, key, HASH_BITS)).toHex();
}

/**
 * Marks a password.
 *
 * @param password What Okta refused.
 * @returns Its mark.
 */
export async function fingerprintOf(password: Secret): Promise<RejectedFingerprint> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toHex();
  return { salt, hash: await hashOf(password, salt) };
}

/**
 * Whether a password is the one that was marked; one of 65,536 others is taken for it.
 *
 * @param mark The mark.
 * @param password The password.
 * @returns Whether it fits.
 */
export async function matchesRejectedFingerprint(
  mark: RejectedFingerprint,
  password: Secret,
): Promise<boolean> {
  return await hashOf(password, mark.salt) === mark.hash;
}

/**
 * Whether a value is a mark.
 *
 * @param value The value, as it was read from a file.
 * @returns Whether it has a mark's shape.
 */
export function isRejectedFingerprint(value: unknown): value is RejectedFingerprint {
  const { salt, hash } = (value ?? {}) as Partial<RejectedFingerprint>;
  return [salt, hash].every((text) => typeof text === "string" && /^(?:[0-9a-f]{2})+$/.test(text));
}
