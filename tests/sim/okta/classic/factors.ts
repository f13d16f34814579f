/**
 * `POST /api/v1/authn/factors/{id}/verify` and `…/verify/resend`: dispatch by factor type.
 */

import type { Transaction } from "../../state.ts";
import type { SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { verifyDuo } from "./duo_factor.ts";
import { oktaError } from "../errors.ts";
import { acceptFactor, ILLEGAL, refuseFactor, WRONG_ANSWER, WRONG_CODE } from "./factor_verdict.ts";
import { challengeKey, verifyKey } from "./key_factor.ts";
import { sendPush, verifyPush } from "./push.ts";
import { sendCode, verifySentCode } from "./sent_codes.ts";
import { verifyTotp } from "./totp_factor.ts";
import { showTransaction } from "./transaction_body.ts";
import { verifyTypedCode } from "./typed_codes.ts";

type Step = (
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
) => Response | Promise<Response>;

/** How a factor type handles `{stateToken}` alone (start), and an answer (finish). */
interface Kind {
  start: Step;
  finish: Step;
}

const sent: Kind = { start: sendCode, finish: verifySentCode };
const typed: Kind = { start: challenge, finish: verifyTypedCode };

const KINDS: Record<string, Kind> = {
  "token:software:totp": { start: challenge, finish: verifyTotp },
  "token:hotp": typed,
  token: typed,
  "token:hardware": typed,
  question: { start: challenge, finish: verifyAnswer },
  sms: sent,
  call: sent,
  email: sent,
  push: { start: verifyPush, finish: verifyPush },
  web: { start: verifyDuo, finish: refuseCode },
  webauthn: { start: challengeKey, finish: verifyKey },
  u2f: { start: challengeKey, finish: verifyKey },
  claims_provider: { start: redirect, finish: refuseCode },
  "assertion:saml2": { start: redirect, finish: refuseCode },
  "assertion:oidc": { start: redirect, finish: refuseCode },
};

/** A challenge that sends nothing. */
function challenge(context: OktaContext, transaction: Transaction, factor: SimFactor): Response {
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factor.id;
  return showTransaction(context, transaction);
}

/** A factor that is verified at another site, in a browser. */
function redirect(context: OktaContext, transaction: Transaction, factor: SimFactor): Response {
  const href = `${context.origin}/sso/idps/${factor.id}?stateToken=${transaction.stateToken}`;
  transaction.challenge = { next: { name: "redirect", href, method: "GET" } };
  return challenge(context, transaction, factor);
}

function verifyAnswer(context: OktaContext, transaction: Transaction, factor: SimFactor): Response {
  return context.request.json!.answer === factor.answer
    ? acceptFactor(context, transaction, factor)
    : refuseFactor(context, transaction, WRONG_ANSWER);
}

function refuseCode(context: OktaContext, transaction: Transaction): Response {
  return refuseFactor(context, transaction, WRONG_CODE);
}

/** Whether the body has an answer, rather than only starting the challenge. */
function hasAnswer({ request }: OktaContext, { factorType }: SimFactor): boolean {
  const { passCode, answer, clientData } = request.json!;
  if (["webauthn", "u2f"].includes(factorType)) return typeof clientData === "string";
  // Okta's Sign-In Widget asks for a code by sending an empty one.
  if (KINDS[factorType] === sent && passCode === "") return false;
  return typeof (factorType === "question" ? answer : passCode) === "string";
}

/** To use another factor than the challenged one, the client must call `previous` first. */
function isLegal({ status, factorId }: Transaction, id: string): boolean {
  return status === "MFA_REQUIRED" || status === "MFA_CHALLENGE" && factorId === id;
}

/** `POST /api/v1/authn/factors/{id}/verify`: starts, polls or finishes a challenge. */
export async function verifyFactor(
  context: OktaContext,
  transaction: Transaction,
  id: string,
): Promise<Response> {
  const { world } = context;
  if (!isLegal(transaction, id)) return oktaError(world, "E0000079", [ILLEGAL]);
  const factor = transaction.user!.factors.find((one) => one.id === id);
  if (!factor) return oktaError(world, "E0000007", [], `Resource not found: ${id} (UserFactor)`);
  const { start, finish } = KINDS[factor.factorType] ?? { start: challenge, finish: refuseCode };
  return await (hasAnswer(context, factor) ? finish : start)(context, transaction, factor);
}

/** `POST …/verify/resend`: allowed if the challenge offers it. */
export function resendFactor(
  context: OktaContext,
  transaction: Transaction,
  id: string,
): Response {
  const factor = transaction.user?.factors.find((one) => one.id === id);
  const legal = transaction.status === "MFA_CHALLENGE" && transaction.factorId === id;
  if (legal && factor?.factorType === "push") return sendPush(context, transaction, factor);
  if (legal && factor && KINDS[factor.factorType] === sent) {
    return sendCode(context, transaction, factor);
  }
  return oktaError(context.world, "E0000079", [ILLEGAL]);
}
