/**
 * Checking codes and answers, and enrolling a TOTP factor.
 *
 * @module
 */

import { oktaNow } from "../clock.ts";
import { oktaId } from "../random_text.ts";
import type { Transaction } from "../state.ts";
import type { SimFactor } from "../world.ts";
import type { OktaContext } from "./context.ts";
import { oktaError } from "./errors.ts";
import { codeAt, counterAt } from "./totp.ts";
import { advance } from "./transaction.ts";
import { showTransaction } from "./transaction_body.ts";

/** How far (in steps) a code of another time is still recognised as such. */
const RECOGNISED_STEPS = 20;

type Verdict = "right" | "wrong" | "replayed" | "out_of_window";

async function matchingCounter(
  factor: SimFactor,
  passCode: string,
  now: number,
): Promise<{ counter: number; steps: number } | undefined> {
  const current = counterAt(factor.totp!, now);
  for (let steps = 0; steps <= RECOGNISED_STEPS; steps++) {
    for (const counter of [current - steps, current + steps]) {
      if (counter >= 0 && await codeAt(factor.totp!, counter) === passCode) {
        return { counter, steps };
      }
    }
  }
  return undefined;
}

async function judgeCode(factor: SimFactor, passCode: string, now: number): Promise<Verdict> {
  const match = await matchingCounter(factor, passCode, now);
  if (!match) return "wrong";
  if (match.steps > 1) return "out_of_window";
  if (factor.lastCounter !== undefined && match.counter <= factor.lastCounter) return "replayed";
  factor.lastCounter = match.counter;
  return "right";
}

/** A wrong code: counts, and locks after too many. */
function refuse(context: OktaContext, transaction: Transaction, causes: string[]): Response {
  const { world, state } = context;
  const user = transaction.user!;
  user.failedCodes += 1;
  if (user.failedCodes < world.policy.maxFailedCodes) return oktaError(world, "E0000068", causes);
  user.lockedOut = true;
  state.transactions.delete(transaction.stateToken);
  return oktaError(world, "E0000069");
}

function refuseVerdict(
  context: OktaContext,
  transaction: Transaction,
  verdict: Verdict,
): Response {
  const { policy } = context.world;
  const replayed = "Each code can only be used once. Please wait for a new code and try again.";
  if (verdict === "replayed") {
    return policy.replayError === "E0000082"
      ? oktaError(context.world, "E0000082")
      : oktaError(context.world, "E0000068", [replayed]);
  }
  if (verdict === "out_of_window" && policy.tellsTimeWindow) {
    return oktaError(context.world, "E0000083");
  }
  return refuse(context, transaction, [
    "Your passcode doesn't match our records. Please try again.",
  ]);
}

function accept(context: OktaContext, transaction: Transaction, factor: SimFactor): Response {
  transaction.user!.failedCodes = 0;
  transaction.done.add("factor");
  transaction.amr.add("mfa");
  transaction.amr.add(factor.factorType === "question" ? "kba" : "otp");
  advance(transaction);
  return showTransaction(context, transaction);
}

/** Starts a challenge: other factors than TOTP only get as far as here. */
function challenge(context: OktaContext, transaction: Transaction, factor: SimFactor): Response {
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factor.id;
  delete transaction.factorResult;
  if (factor.factorType === "push") transaction.factorResult = "WAITING";
  return showTransaction(context, transaction);
}

/**
 * `POST /api/v1/authn/factors/{id}/verify`: starts a challenge, or finishes one.
 *
 * @param id The factor's id out of the path.
 */
export async function verifyFactor(
  context: OktaContext,
  transaction: Transaction,
  id: string,
): Promise<Response> {
  const { world, request } = context;
  const legal = transaction.status === "MFA_REQUIRED" ||
    transaction.status === "MFA_CHALLENGE" && transaction.factorId === id;
  if (!legal) return oktaError(world, "E0000079", [ILLEGAL]);
  const factor = transaction.user!.factors.find((one) => one.id === id);
  if (!factor) return oktaError(world, "E0000007", [], `Resource not found: ${id} (UserFactor)`);
  const { passCode, answer } = request.json!;
  if (factor.factorType === "question" && typeof answer === "string") {
    return answer === factor.answer
      ? accept(context, transaction, factor)
      : refuse(context, transaction, ["Your answer doesn't match our records. Please try again."]);
  }
  if (typeof passCode !== "string") return challenge(context, transaction, factor);
  if (!factor.totp) return refuseVerdict(context, transaction, "wrong");
  const verdict = await judgeCode(factor, passCode, oktaNow(world.clock));
  return verdict === "right"
    ? accept(context, transaction, factor)
    : refuseVerdict(context, transaction, verdict);
}

/** The cause that stands in every E0000079. */
export const ILLEGAL = "This operation is not allowed in the current authentication state.";

/** `POST /api/v1/authn/factors`: starts the enrolment of a TOTP factor; others later. */
export function enrollFactor(context: OktaContext, transaction: Transaction): Response {
  const { world, request } = context;
  if (transaction.status !== "MFA_ENROLL") return oktaError(world, "E0000079", [ILLEGAL]);
  const { factorType, provider } = request.json!;
  if (factorType !== "token:software:totp" || provider !== "GOOGLE" && provider !== "OKTA") {
    return oktaError(world, "E0000001", ["The simulator enrols TOTP factors only."], "factorType");
  }
  transaction.enrolling = {
    id: oktaId(provider === "OKTA" ? "ost" : "uft"),
    factorType,
    provider,
    profile: { credentialId: transaction.user!.login },
    totp: { secret: newSecret(), algorithm: "SHA-1", digits: 6, period: 30 },
  };
  transaction.status = "MFA_ENROLL_ACTIVATE";
  return showTransaction(context, transaction);
}

function newSecret(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => letters[byte % 32]).join("");
}

/** `POST …/lifecycle/activate`: the first code of a factor that is being enrolled. */
export async function activateFactor(
  context: OktaContext,
  transaction: Transaction,
  id: string,
): Promise<Response> {
  const { world, request } = context;
  const factor = transaction.enrolling;
  if (transaction.status !== "MFA_ENROLL_ACTIVATE" || factor?.id !== id) {
    return oktaError(world, "E0000079", [ILLEGAL]);
  }
  const verdict = await judgeCode(
    factor,
    String(request.json!.passCode ?? ""),
    oktaNow(world.clock),
  );
  if (verdict !== "right") return refuseVerdict(context, transaction, verdict);
  transaction.user!.factors.push(factor);
  delete transaction.enrolling;
  transaction.done.add("enroll");
  return accept(context, transaction, factor);
}
