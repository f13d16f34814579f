/**
 * The moves of the authn API that a terminal sign-in makes.
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
 * Reads an answer of the authn API.
 *
 * @throws {SignInError} Okta's refusal, with its code.
 * @throws {NetworkError} `bad_answer`, or the server's own failure.
 */
export function processAuthnResponse(response: HttpResponse, doing: string): AuthnTransaction {
  if (response.status !== 200) throw oktaError(response, doing);
  const transaction = parseAuthnTransaction(response.body);
  if (transaction !== undefined) return transaction;
  throw new NetworkError(`Okta could not ${doing}: its answer is not one of the sign-in API`, {
    code: "bad_answer",
    hint: "is the address that of your Okta org, and is there a proxy in between?",
  });
}

/** Starts a transaction with user name and password. Sent once: every wrong try counts. */
export function primaryRequest(
  client: OktaClient,
  username: string,
  password: Secret,
): Promise<HttpResponse> {
  const options = { multiOptionalFactorEnroll: false, warnBeforePasswordExpired: true };
  return client.post("/api/v1/authn", { username, password, options });
}

/** Continues a transaction that a page of the org's started (step-up). */
export function resumeRequest(
  client: OktaClient,
  stateToken: Secret,
  primary?: { username: string; password: Secret },
): Promise<HttpResponse> {
  return client.post("/api/v1/authn", { ...primary, stateToken });
}

/** Answers a factor with a code: one request, nothing is started before it. */
export function verifyCodeRequest(
  client: OktaClient,
  verify: string,
  stateToken: Secret,
  passCode: Secret,
): Promise<HttpResponse> {
  return client.post(verify, { stateToken, passCode });
}

/** Ends a transaction that will not be finished, so that it does not linger at Okta. */
export async function cancelTransaction(
  client: OktaClient,
  transaction: AuthnTransaction,
): Promise<void> {
  if (transaction.stateToken === undefined) return;
  const href = transaction.cancel?.href ?? "/api/v1/authn/cancel";
  // The sign-in has failed already: that the clean-up fails too is not worth a second message.
  await client.post(href, { stateToken: transaction.stateToken }).catch(() => {});
}
