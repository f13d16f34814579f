/**
 * The QR code of Google Authenticator's "Transfer accounts": `otpauth-migration://offline?data=…`,
 * a protobuf message in base64. Google has not published the schema; this is the app's, from
 * https://alexbakker.me/post/parsing-google-auth-export-qr-code.html
 *
 * Protobuf: https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

import { Secret } from "../secret.ts";
import { badSecret, encodeBase32 } from "./base32.ts";
import type { CodeDigits, TotpAlgorithm, TotpParameters } from "./totp.ts";
import { parseTotpSecret } from "./otpauth_uri.ts";

export interface TotpExport {
  readonly secrets: readonly TotpParameters[];
  /** Entries that cannot be used: counter-based, or with an unsupported hash. */
  readonly skipped: number;
  /** Number of pictures in the export, usually 1. */
  readonly pictures: number;
}

/** `Algorithm`: 0 is unspecified; 4 (MD5) is not supported. */
const ALGORITHMS: ReadonlyMap<number, TotpAlgorithm> = new Map([
  [0, "SHA-1"],
  [1, "SHA-1"],
  [2, "SHA-256"],
  [3, "SHA-512"],
]);

/** `DigitCount`: 0 is unspecified. */
const DIGITS: ReadonlyMap<number, CodeDigits> = new Map([[0, 6], [1, 6], [2, 8]]);

/** `OtpType`: 1 is counter-based. */
const TOTP = 2;

/** The app supports no other. */
const PERIOD_SECONDS = 30;

/**
 * Parses the text of a QR code: an `otpauth://totp/…` URI (one secret) or an
 * `otpauth-migration://offline?data=…` export.
 *
 * @throws {SettingsError} `bad_totp_secret`; message and hint never quote the text.
 */
export function parseTotpExport(text: Secret): TotpExport {
  const uri = URL.parse(text.reveal().trim());
  if (uri?.protocol !== "otpauth-migration:") {
    return { secrets: [parseTotpSecret(text.reveal())], skipped: 0, pictures: 1 };
  }
  try {
    return readPayload(decodeData(uri.searchParams.get("data") ?? ""));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // The error may quote the data, so it is not kept as the cause.
    throw badSecret(
      "could not read the authenticator app's export",
      "take a new screenshot of the export, or enrol a new factor: okta-aws init --enroll-totp",
    );
  }
}

/** In a query, an unencoded plus has become a space. */
function decodeData(data: string): Uint8Array<ArrayBuffer> {
  const base64 = data.replaceAll(" ", "+").replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.fromBase64(base64.replace(/=+$/, ""));
}

/** `MigrationPayload`: 1 is the entries, 3 the number of pictures. */
function readPayload(bytes: Uint8Array<ArrayBuffer>): TotpExport {
  const fields = [...protobufFields(bytes)];
  const entries = fields.filter(({ number }) => number === 1)
    .map(({ value }) => typeof value === "number" ? undefined : readEntry(value));
  const secrets = entries.filter((entry) => entry !== undefined);
  const pictures = numberOf(fields, 3) || 1;
  return { secrets, skipped: entries.length - secrets.length, pictures };
}

/** `OtpParameters`: 1 is secret, 2 name, 3 issuer, 4 algorithm, 5 digits, 6 type. */
function readEntry(bytes: Uint8Array<ArrayBuffer>): TotpParameters | undefined {
  const fields = [...protobufFields(bytes)];
  const key = fields.findLast(({ number }) => number === 1)?.value;
  const algorithm = ALGORITHMS.get(numberOf(fields, 4));
  const digits = DIGITS.get(numberOf(fields, 5));
  const usable = key instanceof Uint8Array && key.length > 0 && numberOf(fields, 6) === TOTP;
  if (!usable || algorithm === undefined || digits === undefined) return undefined;
  const issuer = textOf(fields, 3);
  const name = textOf(fields, 2);
  // The name may start with the issuer: "Okta:me@example.com".
  const account = issuer && name?.startsWith(`${issuer}:`) ? name.slice(issuer.length + 1) : name;
  return {
    key: new Secret(encodeBase32(key)),
    algorithm,
    digits,
    periodSeconds: PERIOD_SECONDS,
    issuer,
    account: account?.trim(),
  };
}

function numberOf(fields: ProtobufField[], number: number): number {
  const value = fields.findLast((field) => field.number === number)?.value;
  return typeof value === "number" ? value : 0;
}

function textOf(fields: ProtobufField[], number: number): string | undefined {
  const value = fields.findLast((field) => field.number === number)?.value;
  return value instanceof Uint8Array ? new TextDecoder().decode(value) || undefined : undefined;
}

export interface ProtobufField {
  number: number;
  /** A varint (up to 2^53), or the bytes of a string, byte string or message. */
  value: number | Uint8Array<ArrayBuffer>;
}

/**
 * The fields of a protobuf message, in order, without its schema. Skips fields of fixed width.
 *
 * @throws {Error} If the bytes are not a message.
 */
export function* protobufFields(bytes: Uint8Array<ArrayBuffer>): Generator<ProtobufField> {
  for (let at = 0; at < bytes.length;) {
    const key = readVarint(bytes, at);
    const number = Math.floor(key.value / 8);
    const width = { 1: 8, 5: 4 }[key.value % 8];
    at = key.end;
    if (number === 0) throw new Error("a field without a number");
    if (width !== undefined) {
      at += width;
      continue;
    }
    const varint = readVarint(bytes, at);
    at = varint.end;
    if (key.value % 8 === 0) {
      yield { number, value: varint.value };
      continue;
    }
    if (key.value % 8 !== 2) throw new Error("a field of an unknown kind");
    at += varint.value;
    if (at > bytes.length) throw new Error("a field that is cut off");
    yield { number, value: bytes.slice(varint.end, at) };
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start; at < bytes.length && at < start + 10; at++) {
    value += (bytes[at]! & 0x7f) * 2 ** (7 * (at - start));
    if (bytes[at]! < 0x80) return { value, end: at + 1 };
  }
  throw new Error("a number that is cut off");
}
