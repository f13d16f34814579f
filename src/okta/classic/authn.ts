/**
 * The requests of the authn API that a terminal sign-in needs.
 *
 * Source: https://developer.okta.com/docs/reference/api/authn/
 *
 * @module
 */

import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { NetworkError } from "../../errors.ts";
import type { AuthnTransaction } from "./authn_transaction.ts";
import { parseAuthnTransaction } from "./parse_authn_transaction.ts";
import type { OktaClient } from "../client/client.ts";
import { oktaError } from "../client/error_codes.ts";

/**
 * Parses a response of the authn API.
 *
 * @throws {SignInError} Okta's refusal, with its code.
 * @throws {NetworkError} `bad_answer`, or the server's own failure.
 */
export function processAuthnResponse(response: HttpResponse, doing: string): AuthnTransaction {
  if (response.status !== 200) throw oktaError(response, doing);
  const transaction = parseAuthnTransaction(response.body);
  if (transaction !== undefined) return transaction;
  throw new NetworkError(`Okta could not ${doing}: unexpected response`, {
    code: "bad_answer",
    hint: "check the org's URL, and whether a proxy blocks it",
  });
}

/**
 * Starts a transaction with user name and password. Sent once, since each attempt counts towards a
 * lockout. The response is returned unread: the caller handles a wrong password.
 */
export function primaryRequest(
  client: OktaClient,
  username: string,
  password: Secret,
): Promise<HttpResponse> {
  const options = { multiOptionalFactorEnroll: false, warnBeforePasswordExpired: true };
  return client.post("/api/v1/authn", { username, password, options }, { password: true });
}

/** Continues a transaction that a page of the org started (step-up). */
export function resumeRequest(
  client: OktaClient,
  stateToken: Secret,
  primary?: { username: string; password: Secret },
): Promise<HttpResponse> {
  const password = primary !== undefined;
  return client.post("/api/v1/authn", { ...primary, stateToken }, { password });
}

/** Verifies a code in one request. The caller handles a code that was already used. */
export function verifyCodeRequest(
  client: OktaClient,
  verify: string,
  code: { stateToken: Secret; passCode: Secret },
): Promise<HttpResponse> {
  return client.post(verify, code);
}

/** Cancels an unfinished transaction at Okta. */
export async function cancelTransaction(
  client: OktaClient,
  transaction: AuthnTransaction,
): Promise<void> {
  if (transaction.stateToken === undefined) return;
  const href = transaction.cancel?.href ?? "/api/v1/authn/cancel";
  // The sign-in has already failed; a failed cleanup needs no second message.
  await client.post(href, { stateToken: transaction.stateToken }).catch(() => {});
}
