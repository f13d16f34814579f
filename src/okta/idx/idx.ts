/**
 * The requests of the Identity Engine's sign-in: find out how a transaction stands, answer a form.
 *
 * Source: protocol.md, b.5
 *
 * @module
 */

import { NetworkError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import type { OktaBody, OktaClient } from "../client/client.ts";
import { oktaError, parseOktaError } from "../client/error_codes.ts";
import { type IdxAnswers, idxBody } from "./idx_body.ts";
import { idxRefusal, oauthRefusal } from "./idx_refusals.ts";
import type { IdxForm, IdxTransaction } from "./idx_transaction.ts";
import { parseIdxTransaction } from "./parse_idx_transaction.ts";

/** ION, of the one version that there is. */
const ION = "application/ion+json; okta-version=1.0.0";

export function introspectRequest(
  client: OktaClient,
  origin: string,
  stateToken: Secret,
): Promise<HttpResponse> {
  const url = new URL("/idp/idx/introspect", origin).href;
  return client.post(url, { stateToken }, { idempotent: true, contentType: ION, accept: ION });
}

/**
 * Answers a form.
 *
 * @param options `idempotent`: it may be sent again where the answer was lost, as a poll may.
 * `stateHandle`: the transaction's, for a form without one.
 * @throws {SignInError} `idx_field` where the form wants what nobody here has.
 */
export function submitRequest(
  client: OktaClient,
  form: IdxForm,
  answers: IdxAnswers = {},
  { idempotent = false, stateHandle }: { idempotent?: boolean; stateHandle?: Secret } = {},
): Promise<HttpResponse> {
  const body: OktaBody = { ...idxBody(form, answers) };
  body.stateHandle ??= stateHandle;
  return client.post(form.href, body, { idempotent, accept: form.produces ?? ION });
}

/**
 * Reads an answer of `/idp/idx/…`.
 *
 * @throws {SignInError} Okta's refusal, where nothing is left to do.
 * @throws {NetworkError} `bad_answer`, a rate limit, or the server's own failure.
 */
export function processIdxResponse(response: HttpResponse, doing: string): IdxTransaction {
  const transaction = parseIdxTransaction(response.body, response.status);
  if (transaction === undefined) throw otherError(response, doing);
  const goesOn = transaction.remediations.length > 0 || transaction.success !== undefined ||
    transaction.cancelProbing !== undefined;
  if (!goesOn) throw idxRefusal(transaction, doing);
  return transaction;
}

/** Some refusals are of the older API's shape, or of OAuth's. */
function otherError(response: HttpResponse, doing: string): Error {
  if (parseOktaError(response.body) !== undefined) return oktaError(response, doing);
  return oauthRefusal(response, doing) ??
    new NetworkError(`Okta could not ${doing}: HTTP ${response.status} without an answer`, {
      code: "bad_answer",
      hint: "is the address that of your Okta org, and is there a proxy in between?",
    });
}

/** Ends a transaction that will not be finished, so that it does not linger at Okta. */
export async function cancelIdx(
  client: OktaClient,
  transaction: IdxTransaction,
  look: () => Promise<IdxTransaction>,
): Promise<void> {
  const submit = async ({ cancel }: IdxTransaction) =>
    cancel === undefined ? undefined : await submitRequest(client, cancel);
  // The sign-in has failed already: that the clean-up fails too is not worth a second message.
  try {
    const response = await submit(transaction);
    if (response?.status === 401) await submit(await look());
  } catch {
    return;
  }
}
