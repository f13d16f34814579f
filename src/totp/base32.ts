/**
 * Base32 (RFC 4648, section 6) as users paste it.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** White space, all dashes, and invisible characters that web pages add. */
const SEPARATORS = /[\s\p{Pd}\u00ad\u200b-\u200d\u2060\ufeff_]/gu;

/**
 * Upper case, without separators and padding (wrong padding is accepted too).
 *
 * @throws {SettingsError} `bad_totp_secret`; the message says which character is wrong, but never
 * quotes the text.
 */
export function normalizeBase32(text: string): string {
  // Only ASCII letters: otherwise "\u017f" (long s) would become S.
  const letters = text.replace(SEPARATORS, "").replace(/(?<!=)=+$/, "")
    .replace(/[a-z]/g, (letter) => letter.toUpperCase());
  const wrong = [...letters].findIndex((letter) => !ALPHABET.includes(letter));
  if (wrong !== -1) throw badCharacter([...letters][wrong]!, wrong + 1);
  if (letters.length < 2) {
    throw badSecret("the TOTP secret is empty or too short");
  }
  return letters;
}

/**
 * The bytes of base32 text. Drops incomplete bytes, as authenticator apps do.
 *
 * @throws {SettingsError} `bad_totp_secret`.
 */
export function decodeBase32(text: string): Uint8Array<ArrayBuffer> {
  const letters = normalizeBase32(text);
  const bytes = new Uint8Array(Math.floor((letters.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let length = 0;
  for (const letter of letters) {
    buffer = ((buffer << 5) | ALPHABET.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[length++] = (buffer >> bits) & 0xff;
  }
  return bytes;
}

/** Upper case, without padding. */
export function encodeBase32(bytes: Uint8Array): string {
  let text = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[buffer >> (bits - 5) & 31];
  }
  return bits === 0 ? text : text + ALPHABET[buffer << (5 - bits) & 31];
}

/** A `bad_totp_secret`. The message must not contain any part of the secret. */
export function badSecret(
  message: string,
  hint = "paste the key of the authenticator setup page (A-Z and 2-7), or its otpauth:// URI",
): SettingsError {
  return new SettingsError(message, { code: "bad_totp_secret", hint });
}

function badCharacter(character: string, place: number): SettingsError {
  if (/[0189]/.test(character)) {
    return badSecret(
      `character ${place} of the TOTP secret is 0, 1, 8 or 9, which is not base32`,
      "check that character: it may be O, I, L or B",
    );
  }
  return badSecret(`character ${place} of the TOTP secret is not base32`);
}
