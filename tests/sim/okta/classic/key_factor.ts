/**
 * Security keys as Okta factors: WebAuthn and U2F, with the checks of a relying party.
 *
 * Sources: https://www.w3.org/TR/webauthn-2/#sctn-verifying-assertion, FIDO U2F raw messages 5.4.
 */

import type { Transaction } from "../../state.ts";
import type { SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { acceptFactor, refuseFactor, WRONG_CODE } from "./factor_verdict.ts";
import { showTransaction } from "./transaction_body.ts";

const BASE64URL = { alphabet: "base64url", omitPadding: true } as const;
const PRESENT = 1;
const VERIFIED = 4;

/** Random, base64url. */
export function challengeText(): string {
  return crypto.getRandomValues(new Uint8Array(15)).toBase64(BASE64URL);
}

/** Starts a challenge with a new random value. */
export function challengeKey(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  const random = challengeText();
  const { appId, userVerification = "preferred" } = factor.key!;
  const extensions = appId === undefined ? {} : { appid: appId };
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factor.id;
  transaction.keyChallenge = random;
  const isWebAuthn = factor.factorType === "webauthn";
  if (isWebAuthn) transaction.factorResult = "CHALLENGE";
  transaction.challenge = {
    ...(isWebAuthn ? { type: "FACTOR" } : {}),
    embedded: {
      challenge: factor.factorType === "u2f"
        ? { nonce: random, timeoutSeconds: 20 }
        : { challenge: random, userVerification, extensions },
    },
  };
  return showTransaction(context, transaction);
}

async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** DER to the two 32-byte numbers that WebCrypto expects. */
function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const part of [0, 1]) {
    if (der[at] !== 2) throw new Error("no INTEGER");
    const value = der.subarray(at + 2, at + 2 + der[at + 1]!);
    const digits = value.subarray(Math.max(0, value.length - 32));
    raw.set(digits, part * 32 + 32 - digits.length);
    at += 2 + der[at + 1]!;
  }
  return raw;
}

async function verifies(
  factor: SimFactor,
  signed: Uint8Array<ArrayBuffer>,
  signature: Uint8Array,
): Promise<boolean> {
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", factor.key!.publicKey, curve, false, ["verify"]);
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  return await crypto.subtle.verify(algorithm, key, rawSignature(signature), signed);
}

function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** Checks an assertion (`clientData`, …, each base64); throws if it can't be parsed. */
export async function checkWebAuthn(
  origin: string,
  keyChallenge: string | undefined,
  factor: SimFactor,
  { clientData, authenticatorData, signatureData }: Record<string, unknown>,
): Promise<boolean> {
  const client = Uint8Array.fromBase64(String(clientData));
  const data = Uint8Array.fromBase64(String(authenticatorData));
  const parsed = JSON.parse(new TextDecoder().decode(client));
  const { appId, userVerification } = factor.key!;
  const names = [new URL(origin).hostname, ...(appId === undefined ? [] : [appId])];
  const hashes = await Promise.all(names.map(async (name) => (await sha256(name)).toHex()));
  const flags = data[32]!;
  return parsed.type === "webauthn.get" && parsed.challenge === keyChallenge &&
    parsed.origin === origin && data.length >= 37 &&
    hashes.includes(data.slice(0, 32).toHex()) && (flags & PRESENT) !== 0 &&
    (userVerification !== "required" || (flags & VERIFIED) !== 0) &&
    await verifies(
      factor,
      concat(data, await sha256(client)),
      Uint8Array.fromBase64(String(signatureData)),
    );
}

async function checkU2f(
  { request, origin }: OktaContext,
  { keyChallenge }: Transaction,
  factor: SimFactor,
): Promise<boolean> {
  const { clientData, signatureData } = request.json!;
  const client = Uint8Array.fromBase64(String(clientData), BASE64URL);
  const data = Uint8Array.fromBase64(String(signatureData), BASE64URL);
  const parsed = JSON.parse(new TextDecoder().decode(client));
  const appId = String(factor.profile?.appId);
  const signed = concat(await sha256(appId), data.subarray(0, 5), await sha256(client));
  return parsed.typ === "navigator.id.getAssertion" && parsed.challenge === keyChallenge &&
    parsed.origin === origin && data[0] === PRESENT &&
    await verifies(factor, signed, data.subarray(5));
}

/** Checks an assertion; unreadable data counts as wrong. */
export async function verifyKey(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Promise<Response> {
  const { origin, request } = context;
  const check = factor.factorType === "u2f"
    ? checkU2f(context, transaction, factor)
    : checkWebAuthn(origin, transaction.keyChallenge, factor, request.json!);
  const right = await check.catch(() => false);
  delete transaction.keyChallenge;
  return right
    ? acceptFactor(context, transaction, factor)
    : refuseFactor(context, transaction, WRONG_CODE);
}
