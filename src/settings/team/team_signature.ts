/**
 * Signatures of a team's settings: Ed25519 over the document's bytes, in a file of its own beside it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8032
 * @module
 */

import { SettingsError, UsageError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** The bytes in front of the key in a SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = "302a300506032b6570032100";

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const plain = text.replaceAll("-", "+").replaceAll("_", "/").replaceAll(/[\s=]/g, "");
  try {
    return Uint8Array.fromBase64(plain);
  } catch {
    return undefined;
  }
}

function keyBytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const body = text.replaceAll(/-----[A-Z ]+-----/g, "").replaceAll(/\s/g, "");
  if (/^[0-9a-f]{64}$/i.test(body)) return Uint8Array.fromHex(body);
  const bytes = fromBase64(body);
  if (bytes?.length === KEY_BYTES) return bytes;
  const prefix = SPKI_PREFIX.length / 2;
  if (bytes?.length !== prefix + KEY_BYTES) return undefined;
  return bytes.subarray(0, prefix).toHex() === SPKI_PREFIX ? bytes.slice(prefix) : undefined;
}

/**
 * Reads a public key.
 *
 * @param text 32 bytes in base64 or hexadecimal, or what `openssl pkey -pubout` prints, with or
 * without its first and last line.
 * @returns The 32 bytes in base64, or `undefined` where it is no such key.
 */
export function parsePublicKey(text: string): string | undefined {
  return keyBytes(text)?.toBase64();
}

/**
 * The error of a `--key` that can't be read.
 *
 * @param text What was given.
 * @returns The error, to be thrown.
 */
export function badKey(text: string): UsageError {
  return new UsageError(`--key is not an Ed25519 public key: ${showUntrusted(text)}`, {
    code: "bad_key",
    hint: "give its 32 bytes in base64, or the PEM file: openssl pkey -in team.key -pubout",
  });
}

/**
 * Makes sure that a document was signed.
 *
 * @param document Its bytes.
 * @param signature What stands in the file beside it: 64 bytes in base64.
 * @param key The public key, as `parsePublicKey` gives it.
 * @param source Where the document comes from, for messages.
 * @throws {SettingsError} `bad_signature`
 */
export async function verifySignature(
  document: Uint8Array<ArrayBuffer>,
  signature: string,
  key: string,
  source: string,
): Promise<void> {
  const bytes = fromBase64(signature);
  const algorithm = "Ed25519";
  const publicKey = await crypto.subtle
    .importKey("raw", Uint8Array.fromBase64(key), algorithm, false, ["verify"]);
  if (
    bytes?.length === SIGNATURE_BYTES &&
    await crypto.subtle.verify(algorithm, publicKey, bytes, document)
  ) return;
  throw new SettingsError(
    `the signature of the team's settings of ${showUntrusted(source)} does not fit the key`,
    {
      code: "bad_signature",
      hint: "nothing was changed: somebody else may have written it; ask whoever keeps it",
    },
  );
}
