/**
 * The file format of the `file` backend: AES-256-GCM with a key derived from a passphrase by
 * PBKDF2-SHA-256.
 *
 * @module
 */

import { Secret } from "../../secret.ts";

/** PBKDF2 iterations of a new envelope (OWASP Password Storage Cheat Sheet, 2023). */
export const ITERATIONS = 600_000;
/** A file that asks for more could keep the program busy for minutes. */
const MOST_ITERATIONS = 10_000_000;
const VERSION = 1;
const KDF = "PBKDF2-SHA-256";
const SALT_BYTES = 16;
const IV_BYTES = 12;
const CHECK_BYTES = 32;

/** The file, JSON. Bytes are base64. */
export interface Envelope {
  version: 1;
  /** Authenticated. */
  account: string;
  kdf: { name: "PBKDF2-SHA-256"; iterations: number; salt: string };
  /** Derived from the passphrase only: tells a wrong one from a damaged file. */
  check: string;
  /** Of AES-GCM. */
  iv: string;
  /** The item, with its authentication tag. */
  ciphertext: string;
  /** SHA-256 of the rest: finds accidental damage before the user is asked for a passphrase. */
  digest: string;
}

/** Keys derived from one passphrase and salt. */
export interface EnvelopeKeys {
  encryption: CryptoKey;
  /** To compare with the envelope's `check`. */
  check: Uint8Array<ArrayBuffer>;
}

export type Opened =
  | { kind: "item"; item: Secret }
  | { kind: "wrong_passphrase" }
  | { kind: "damaged" };

const encoder = new TextEncoder();

function authenticated(envelope: Pick<Envelope, "version" | "account" | "kdf">): BufferSource {
  const { version, account, kdf } = envelope;
  return encoder.encode(
    JSON.stringify(["okta-aws", version, account, kdf.name, kdf.iterations, kdf.salt]),
  );
}

async function digestOf(envelope: Omit<Envelope, "digest">): Promise<string> {
  const { version, account, kdf, check, iv, ciphertext } = envelope;
  const parts = [version, account, kdf.name, kdf.iterations, kdf.salt, check, iv, ciphertext];
  const bytes = encoder.encode(JSON.stringify(parts));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toBase64();
}

function hasShape(value: unknown): value is Envelope {
  const envelope = value as Partial<Envelope> | null;
  const kdf = envelope?.kdf as Partial<Envelope["kdf"]> | undefined;
  const { account, check, iv, ciphertext, digest } = envelope ?? {};
  const texts = [account, check, iv, ciphertext, digest, kdf?.salt];
  if (!texts.every((text) => typeof text === "string")) return false;
  if (envelope?.version !== VERSION || kdf?.name !== KDF) return false;
  const iterations = kdf.iterations ?? 0;
  return Number.isInteger(iterations) && iterations >= ITERATIONS && iterations <= MOST_ITERATIONS;
}

/** Returns `undefined` if the file is damaged or its version is unknown. Needs no passphrase. */
export async function parseEnvelope(bytes: Uint8Array): Promise<Envelope | undefined> {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (!hasShape(value)) return undefined;
    return await digestOf(value) === value.digest ? value : undefined;
  } catch {
    return undefined;
  }
}

const begun = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

function idOf(passphrase: Secret, { iterations, salt }: Envelope["kdf"]): string {
  return `${iterations} ${salt} ${passphrase.reveal()}`;
}

/** Begins {@linkcode deriveKeys} on another thread, for the next call with the same arguments. */
export function deriveKeysAhead(passphrase: Secret, kdf: Envelope["kdf"]): void {
  const master = deriveMaster(passphrase, kdf);
  // deriveKeys() reports a failure.
  master.catch(() => {});
  begun.set(idOf(passphrase, kdf), master);
}

/** Slow on purpose (about 0.2 s). The Unicode form (NFC or NFD) of the passphrase does not matter. */
export async function deriveKeys(passphrase: Secret, kdf: Envelope["kdf"]): Promise<EnvelopeKeys> {
  const id = idOf(passphrase, kdf);
  const master = begun.get(id) ?? deriveMaster(passphrase, kdf);
  begun.delete(id);
  return await keysOfMaster(await master);
}

/** What all keys of a passphrase and a salt are made of; slow on purpose. */
export async function deriveMaster(
  passphrase: Secret,
  kdf: Envelope["kdf"],
): Promise<Uint8Array<ArrayBuffer>> {
  const text = encoder.encode(passphrase.reveal().normalize("NFC"));
  const input = await crypto.subtle.importKey("raw", text, "PBKDF2", false, ["deriveBits"]);
  const master = await crypto.subtle.deriveBits(
    {
      name: "PBKDF2",
      hash: "SHA-256",
      iterations: kdf.iterations,
      salt: Uint8Array.fromBase64(kdf.salt),
    },
    input,
    256,
  );
  return new Uint8Array(master);
}

/** The keys of what {@linkcode deriveMaster} returned. */
export async function keysOfMaster(master: Uint8Array<ArrayBuffer>): Promise<EnvelopeKeys> {
  const key = await crypto.subtle.importKey("raw", master, "HKDF", false, [
    "deriveBits",
    "deriveKey",
  ]);
  const hkdf = (info: string): HkdfParams => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode(info),
  });
  const check = await crypto.subtle.deriveBits(hkdf("okta-aws check"), key, CHECK_BYTES * 8);
  const encryption = await crypto.subtle.deriveKey(
    hkdf("okta-aws encryption"),
    key,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
  return { encryption, check: new Uint8Array(check) };
}

/** Parameters for a new envelope: a fresh salt, {@linkcode ITERATIONS}. */
export function newKdf(): Envelope["kdf"] {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES)).toBase64();
  return { name: KDF, iterations: ITERATIONS, salt };
}

/** Returns the file's content. `keys` were derived with `kdf`. */
export async function seal(
  { account, item, kdf }: { account: string; item: Secret; kdf: Envelope["kdf"] },
  keys: EnvelopeKeys,
): Promise<Uint8Array> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const header = { version: VERSION, account, kdf } as const;
  const ciphertext = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: authenticated(header) },
    keys.encryption,
    encoder.encode(item.reveal()),
  );
  const envelope = {
    ...header,
    check: keys.check.toBase64(),
    iv: iv.toBase64(),
    ciphertext: new Uint8Array(ciphertext).toBase64(),
  };
  const text = JSON.stringify({ ...envelope, digest: await digestOf(envelope) }, undefined, 2);
  return encoder.encode(text + "\n");
}

/** Compares in constant time. */
function equal(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  return left.reduce((difference, byte, at) => difference | (byte ^ right[at]!), 0) === 0;
}

/** Decrypts an item. `keys` were derived with the envelope's `kdf`. */
export async function open(envelope: Envelope, keys: EnvelopeKeys): Promise<Opened> {
  try {
    if (!equal(Uint8Array.fromBase64(envelope.check), keys.check)) {
      return { kind: "wrong_passphrase" };
    }
    const item = await crypto.subtle.decrypt(
      {
        name: "AES-GCM",
        iv: Uint8Array.fromBase64(envelope.iv),
        additionalData: authenticated(envelope),
      },
      keys.encryption,
      Uint8Array.fromBase64(envelope.ciphertext),
    );
    return {
      kind: "item",
      item: new Secret(new TextDecoder("utf-8", { ignoreBOM: true }).decode(item)),
    };
  } catch {
    return { kind: "damaged" };
  }
}
