/**
 * WebAuthn and U2F as a client speaks them: what a security key is given to sign, and what Okta is
 * given of its answer.
 *
 * Sources: https://www.w3.org/TR/webauthn-2/ (5.8.1, 6.1, 10.1),
 * https://fidoalliance.org/specs/fido-u2f-v1.2-ps-20170411/ (raw messages, 5.4),
 * https://developer.okta.com/docs/reference/api/authn/#verify-webauthn-factor
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { FactorAnswer, SecurityKeyDemand } from "./authenticator.ts";

/** What a security key signs, before a key is chosen. */
export interface KeyChallenge {
  /** JSON in UTF-8. */
  clientData: Uint8Array<ArrayBuffer>;
  /** SHA-256 */
  clientDataHash: Uint8Array<ArrayBuffer>;
  /** The names that a credential may have been made under, in the order to try. */
  relyingParties: { id: string; u2f: boolean }[];
  /** The credentials that may sign. */
  credentialIds: Uint8Array<ArrayBuffer>[];
}

/** What a security key has answered. */
export interface KeyAssertion {
  /** Hash of the relying party, flags, counter, extensions. */
  authenticatorData: Uint8Array;
  /** Over it and the client data's hash. */
  signature: Uint8Array;
}

/** Positions in authenticator data: the flags, and the end of the counter. */
const FLAGS = 32;
const COUNTER_END = 37;

function damaged(what: string): SignInError {
  return new SignInError(`could not read Okta's request to the security key: ${what}`, {
    code: "bad_answer",
    hint: "choose another factor, or sign in with a browser",
  });
}

function decodeBase64Url(text: string, what: string): Uint8Array<ArrayBuffer> {
  try {
    const canonical = text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
    return Uint8Array.fromBase64(canonical, { alphabet: "base64url" });
  } catch {
    throw damaged(what);
  }
}

/** A site may use its own name or a parent's, never another's (WebAuthn, 5.1.4.1, step 7). */
function checkRelyingParty({ rpId, origin }: SecurityKeyDemand): void {
  const { hostname } = new URL(origin);
  const isParent = rpId.includes(".") && hostname.endsWith(`.${rpId}`);
  if (rpId !== hostname && !isParent) throw damaged(`it is for ${showUntrusted(rpId)}`);
}

/** U2F's appId is of the org (or its facet list): a key must not sign for another site. */
function checkAppId({ appId, origin }: SecurityKeyDemand): void {
  const url = appId === undefined ? null : URL.parse(appId);
  if (url?.hostname === new URL(origin).hostname) return;
  throw damaged(`its appId is ${showUntrusted(appId ?? "missing")}`);
}

function relyingParties(demand: SecurityKeyDemand): KeyChallenge["relyingParties"] {
  const { kind, rpId, appId } = demand;
  if (kind === "u2f" || appId !== undefined) checkAppId(demand);
  if (kind === "u2f") return [{ id: appId!, u2f: true }];
  checkRelyingParty(demand);
  // A key that was enrolled before WebAuthn knows the credential by the appId (extension appid).
  return [{ id: rpId, u2f: false }, ...(appId === undefined ? [] : [{ id: appId, u2f: true }])];
}

function clientDataOf({ kind, challenge, origin }: SecurityKeyDemand): string {
  if (kind === "u2f") {
    return JSON.stringify({ typ: "navigator.id.getAssertion", challenge, origin });
  }
  const canonical = decodeBase64Url(challenge, "the challenge")
    .toBase64({ alphabet: "base64url", omitPadding: true });
  // The members' order is the standard's: some servers compare text (WebAuthn, 5.8.1.1).
  return JSON.stringify({
    type: "webauthn.get",
    challenge: canonical,
    origin,
    crossOrigin: false,
  });
}

/** @throws {SignInError} `bad_answer` if Okta's answer is damaged, or names another site. */
export async function keyChallenge(demand: SecurityKeyDemand): Promise<KeyChallenge> {
  const clientData = new TextEncoder().encode(clientDataOf(demand));
  const clientDataHash = new Uint8Array(await crypto.subtle.digest("SHA-256", clientData));
  return {
    clientData,
    clientDataHash,
    relyingParties: relyingParties(demand),
    credentialIds: demand.credentialIds.map((id) => decodeBase64Url(id, "the credential's id")),
  };
}

/**
 * WebAuthn: client data, authenticator data and signature in base64. U2F: client data, and the
 * flags,
 * counter and signature of the raw message, in base64url.
 */
export function keyAnswer(
  demand: SecurityKeyDemand,
  { clientData }: KeyChallenge,
  { authenticatorData, signature }: KeyAssertion,
): FactorAnswer {
  if (demand.kind === "webauthn") {
    return {
      kind: "webauthn",
      clientData: clientData.toBase64(),
      authenticatorData: authenticatorData.toBase64(),
      signatureData: signature.toBase64(),
    };
  }
  const base64url = { alphabet: "base64url", omitPadding: true } as const;
  const raw = Uint8Array.from([...authenticatorData.subarray(FLAGS, COUNTER_END), ...signature]);
  return {
    kind: "u2f",
    clientData: clientData.toBase64(base64url),
    signatureData: raw.toBase64(base64url),
  };
}
