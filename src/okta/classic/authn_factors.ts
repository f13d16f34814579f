/**
 * Factors of the authn API: how each is answered, and what a response of `…/verify` means.
 *
 * Source: https://developer.okta.com/docs/reference/api/authn/#verify-factor
 *
 * @module
 */

import { type OktaAwsError, SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type {
  Authenticator,
  AuthenticatorKind,
  FactorDemand,
  RefusalReason,
  StepResult,
} from "../factors/authenticator.ts";
import { processAuthnResponse } from "./authn.ts";
import type { AuthnState, AuthnTransaction, Factor } from "./authn_transaction.ts";
import {
  isUsedCode,
  oktaError,
  type OktaErrorBody,
  parseOktaError,
} from "../client/error_codes.ts";
import { rejectedAnswer } from "../factors/factor_errors.ts";
import { pushEnded, pushRejected } from "../factors/push_errors.ts";
import * as v from "valibot";
import { lenient, object } from "../../schemas.ts";
import { Secret } from "../../secret.ts";
import { detailOfFactor, kindOfFactor, nameOfFactor } from "../factors/authenticator_names.ts";

/**
 * Errors after which the same stateToken can be used again
 * (https://developer.okta.com/docs/reference/error-codes/).
 */
const REFUSALS: Readonly<Record<string, RefusalReason>> = {
  E0000068: "wrong",
  E0000109: "too_soon",
  E0000113: "new_pin",
  E0000118: "too_soon",
  E0000133: "too_soon",
};

/** HTTP 202, "Waiting for ACK". */
const NOT_ANSWERED_YET = "E0000070";

/** "User rejected authentication". */
const REJECTED = "E0000073";

/** Values of `factorResult` that continue the wait; all others end it. */
export const GOING_ON: readonly (string | undefined)[] = [undefined, "WAITING", "CHALLENGE"];

function refusalOf(error: OktaErrorBody): RefusalReason | undefined {
  if (isUsedCode(error)) return "used";
  return Object.hasOwn(REFUSALS, error.errorCode) ? REFUSALS[error.errorCode] : undefined;
}

/** Whether to poll: a push, or Duo after the user has answered there. */
function isPolled({ factorResult, next }: AuthnTransaction): boolean {
  return factorResult === "WAITING" || next?.name === "poll";
}

/**
 * Reads a response of `…/verify`.
 *
 * @throws {SignInError} If the transaction is over: locked, denied or expired.
 */
export function processFactorResponse(
  response: HttpResponse,
  authenticator: Authenticator,
  org: string,
): { result: StepResult<AuthnTransaction>; transaction: AuthnTransaction | undefined } {
  const doing = `verify the answer (${authenticator.name})`;
  const said = response.status === 200 ? undefined : parseOktaError(response.body);
  const refusal = said && refusalOf(said);
  if (refusal !== undefined) {
    const says = showUntrusted(said!.causes[0] ?? said!.errorSummary);
    const told = errorFor(authenticator, response, doing);
    const error = refusal === "wrong" ? rejectedAnswer(authenticator, told) : told;
    const refused = { reason: refusal, says, error };
    return { result: { kind: "refused", ...refused }, transaction: undefined };
  }
  if (said?.errorCode === NOT_ANSWERED_YET) {
    const waiting = { kind: "waiting", number: undefined, pollMilliseconds: undefined } as const;
    return { result: waiting, transaction: undefined };
  }
  if (said?.errorCode === REJECTED && authenticator.kind === "push") {
    throw pushRejected(authenticator);
  }
  const transaction = processAuthnResponse(response, doing);
  return { result: resultOf(transaction, authenticator, org), transaction };
}

/** A wrong password has nothing to do with the clock. */
function errorFor(
  { kind }: Authenticator,
  response: HttpResponse,
  doing: string,
): OktaAwsError {
  const error = oktaError(response, doing);
  if (kind !== "password" || error.code !== "E0000068") return error;
  return new SignInError(error.message, {
    code: error.code,
    hint: "replace the stored password: okta-aws secrets set password",
  });
}

/** What a transaction means for the factor being answered. */
export function resultOf(
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

const text = lenient(v.string());

/** `_embedded.factor._embedded.verification` of Duo. */
const verificationSchema = object({ host: v.string(), signature: v.string() });

/** `_embedded.factor._embedded.challenge` of WebAuthn and U2F. */
const challengeSchema = object({
  challenge: text,
  nonce: text,
  userVerification: text,
  extensions: lenient(object({ appid: text })),
});

function duoDemand(factor: Factor, org: string): FactorDemand | undefined {
  const parsed = v.safeParse(verificationSchema, factor.embedded.verification);
  if (!parsed.success) return undefined;
  const { host, signature } = parsed.output;
  return {
    kind: "duo",
    host,
    signature: new Secret(signature),
    parent: `${org}/signin/verify/duo`,
  };
}

/** A factor has its own challenge, or all factors of a type share one. */
function securityKeyDemand(
  factors: Factor[],
  given: unknown,
  org: string,
): FactorDemand | undefined {
  const parsed = v.safeParse(challengeSchema, given);
  if (!parsed.success) return undefined;
  const { challenge, nonce, userVerification, extensions } = parsed.output;
  const random = challenge ?? nonce;
  const credentialIds = factors.flatMap(({ profile }) => profile.credentialId ?? []);
  const [first] = factors;
  if (random === undefined || first === undefined || credentialIds.length === 0) return undefined;
  return {
    kind: first.factorType === "u2f" ? "u2f" : "webauthn",
    challenge: random,
    credentialIds,
    appId: first.profile.appId ?? extensions?.appid,
    rpId: new URL(org).hostname,
    origin: org,
    userVerification,
  };
}

/** What the challenge asks for beyond a code; `undefined` for a code or a push. */
export function demandOf(
  { kind }: Authenticator,
  { factor, factors, challenge }: Pick<AuthnState, "factor" | "factors" | "challenge">,
  org: string,
): FactorDemand | undefined {
  if (kind === "duo" && factor !== undefined) return duoDemand(factor, org);
  if (kind !== "security_key") return undefined;
  return factor === undefined
    ? securityKeyDemand(factors, challenge, org)
    : securityKeyDemand([factor], factor.embedded.challenge, org);
}

function kindOf({ factorType, provider, verify }: Factor): AuthenticatorKind {
  if (verify === undefined) return "browser";
  return factorType === "web" && provider === "DUO" ? "duo" : kindOfFactor(factorType);
}

/** `browser` if a terminal cannot answer the factor. */
export function authenticatorOf(factor: Factor): Authenticator {
  const { factorType, provider, id, profile } = factor;
  const { questionText } = profile;
  return {
    kind: kindOf(factor),
    factorType,
    provider,
    id,
    name: nameOfFactor(factor),
    detail: detailOfFactor(factor),
    question: questionText === undefined ? undefined : showUntrusted(questionText),
  };
}
