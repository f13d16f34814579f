/**
 * What ties a redirect to the request that it answers: PKCE and `state`.
 *
 * Source: RFC 7636, sections 4.1 and 4.2; RFC 6749, section 10.12
 *
 * @module
 */

import { Secret } from "../secret.ts";

/** One authorization request's own secrets. */
export interface PkceRequest {
  codeVerifier: Secret;
  /** Sent in the browser: the verifier's SHA-256. */
  codeChallenge: string;
  state: string;
}

function base64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * The challenge of a verifier.
 *
 * @param codeVerifier 43 to 128 characters.
 */
export async function codeChallengeOf(codeVerifier: Secret): Promise<string> {
  const bytes = new TextEncoder().encode(codeVerifier.reveal());
  return base64Url(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/**
 * Makes new ones.
 *
 * @returns 32 random bytes each.
 */
export async function newPkceRequest(): Promise<PkceRequest> {
  const random = () => base64Url(crypto.getRandomValues(new Uint8Array(32)));
  const codeVerifier = new Secret(random());
  return { codeVerifier, codeChallenge: await codeChallengeOf(codeVerifier), state: random() };
}
