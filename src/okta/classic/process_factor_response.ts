/**
 * What an answer of the authn API's `…/verify` means for the factor.
 *
 * Source: https://developer.okta.com/docs/reference/api/authn/#verify-factor
 *
 * @module
 */

import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Authenticator, RefusalReason, StepResult } from "../factors/authenticator.ts";
import { processAuthnResponse } from "./authn.ts";
import type { AuthnTransaction } from "./authn_transaction.ts";
import {
  isUsedCode,
  oktaError,
  type OktaErrorBody,
  parseOktaError,
} from "../client/error_codes.ts";
import { demandOf } from "./factor_demand.ts";
import { pushEnded } from "../factors/push_errors.ts";

/** Okta's codes after which the same stateToken goes on (protocol.md, a.7). */
const REFUSALS: Readonly<Record<string, RefusalReason>> = {
  E0000068: "wrong",
  E0000109: "too_soon",
  E0000113: "new_pin",
  E0000118: "too_soon",
  E0000133: "too_soon",
};

/** Words of `factorResult` that don't end the wait; all others do. */
const GOING_ON = [undefined, "WAITING", "CHALLENGE"];

function refusalOf(error: OktaErrorBody): RefusalReason | undefined {
  if (isUsedCode(error)) return "used";
  return Object.hasOwn(REFUSALS, error.errorCode) ? REFUSALS[error.errorCode] : undefined;
}

/** A challenge that is polled: a push, or Duo once it has been answered there. */
function isPolled({ factorResult, next }: AuthnTransaction): boolean {
  return factorResult === "WAITING" || next?.name === "poll";
}

/**
 * Reads an answer of `…/verify`.
 *
 * @throws {SignInError} Where the transaction is over: locked, denied, expired.
 */
export function processFactorResponse(
  response: HttpResponse,
  authenticator: Authenticator,
  org: string,
): { result: StepResult<AuthnTransaction>; transaction: AuthnTransaction | undefined } {
  const doing = `accept the answer (${authenticator.name})`;
  const error = response.status === 200 ? undefined : parseOktaError(response.body);
  const refusal = error && refusalOf(error);
  if (refusal !== undefined) {
    const says = showUntrusted(error!.causes[0] ?? error!.errorSummary);
    const refused = { reason: refusal, says, error: oktaError(response, doing) };
    return { result: { kind: "refused", ...refused }, transaction: undefined };
  }
  const transaction = processAuthnResponse(response, doing);
  return { result: resultOf(transaction, authenticator, org), transaction };
}

function resultOf(
  transaction: AuthnTransaction,
  authenticator: Authenticator,
  org: string,
): StepResult<AuthnTransaction> {
  const { status, factorResult, correctAnswer } = transaction;
  const isChallenge = status === "MFA_CHALLENGE" || status === "MFA_REQUIRED";
  if (isChallenge && !GOING_ON.includes(factorResult)) {
    const says = showUntrusted(factorResult!);
    return { kind: "refused", says, ...pushEnded(factorResult!, authenticator) };
  }
  if (status !== "MFA_CHALLENGE") return { kind: "next", transaction };
  const demand = demandOf(authenticator, transaction, org);
  if (demand !== undefined) return { kind: "asks", demand };
  return isPolled(transaction)
    ? { kind: "waiting", number: correctAnswer, pollMilliseconds: undefined }
    : { kind: "asks", demand: { kind: "code" } };
}
