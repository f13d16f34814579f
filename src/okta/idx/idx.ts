/**
 * The requests of the Identity Engine's sign-in: introspect a transaction, submit a form.
 *
 * Source: https://github.com/okta/okta-auth-js/tree/master/lib/idx
 *
 * @module
 */

import { NetworkError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import type { OktaBody, OktaClient, SendOptions } from "../client/client.ts";
import { oktaError, parseOktaError } from "../client/error_codes.ts";
import { type IdxAnswers, idxBody } from "./idx_body.ts";
import { idxRefusal, oauthRefusal } from "./idx_refusals.ts";
import type { IdxForm, IdxTransaction } from "./idx_transaction.ts";
import { parseIdxTransaction } from "./parse_idx_transaction.ts";

/** The only version of ION that Okta has. */
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
 * Submits a form.
 *
 * @param options `idempotent`, `password`: as for {@linkcode OktaClient.post}. `stateHandle`: used if the form has none.
 * @throws {SignInError} `idx_field` if a required field has no value.
 */
export function submitRequest(
  client: OktaClient,
  form: IdxForm,
  answers: IdxAnswers = {},
  { stateHandle, ...options }: SendOptions & { stateHandle?: Secret } = {},
): Promise<HttpResponse> {
  const body: OktaBody = { ...idxBody(form, answers) };
  body.stateHandle ??= stateHandle;
  return client.post(form.href, body, { ...options, accept: form.produces ?? ION });
}

/**
 * Parses a response of `/idp/idx/…`.
 *
 * @throws {SignInError} Okta's refusal, if there is no way to continue.
 * @throws {NetworkError} `bad_answer`, a rate limit, or a server failure.
 */
export function processIdxResponse(response: HttpResponse, doing: string): IdxTransaction {
  const transaction = parseIdxTransaction(response.body, response.status);
  if (transaction === undefined) throw otherError(response, doing);
  const goesOn = transaction.remediations.length > 0 || transaction.success !== undefined ||
    transaction.cancelProbing !== undefined;
  if (!goesOn) throw idxRefusal(transaction, doing);
  return transaction;
}

/** The code of a 401 that is not Okta's. */
export const UNAUTHORIZED = "http_401";

/** Some errors have the shape of the authn API or of OAuth. */
function otherError(response: HttpResponse, doing: string): Error {
  if (parseOktaError(response.body) !== undefined) return oktaError(response, doing);
  return oauthRefusal(response, doing) ??
    new NetworkError(`Okta could not ${doing}: unexpected response (HTTP ${response.status})`, {
      code: response.status === 401 ? UNAUTHORIZED : "bad_answer",
      hint: "check the org's URL, and whether a proxy blocks it",
    });
}

/**
 * Cancels an unfinished transaction at Okta. `look` fetches the transaction again if the last form
 * is outdated.
 */
export async function cancelIdx(
  client: OktaClient,
  transaction: IdxTransaction,
  look: () => Promise<IdxTransaction>,
): Promise<void> {
  const submit = async ({ cancel }: IdxTransaction) =>
    cancel === undefined ? undefined : await submitRequest(client, cancel);
  // The sign-in has already failed; a failed cleanup needs no second message.
  try {
    const response = await submit(transaction);
    if (response?.status === 401) await submit(await look());
  } catch {
    return;
  }
}
