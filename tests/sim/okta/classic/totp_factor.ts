/** Checks TOTP codes: window, replay, codes of other times. */

import { oktaNow } from "../../clock.ts";
import type { Transaction } from "../../state.ts";
import type { SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { acceptFactor, refuseFactor, WRONG_CODE } from "./factor_verdict.ts";
import { codeAt, counterAt } from "../totp.ts";

/** How far away (in steps) a code of another time is still recognised. */
const RECOGNISED_STEPS = 20;

export type CodeVerdict = "right" | "wrong" | "replayed" | "out_of_window";

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

/** A right code can't be used again. */
export async function judgeTotpCode(
  factor: SimFactor,
  passCode: string,
  now: number,
): Promise<CodeVerdict> {
  const match = await matchingCounter(factor, passCode, now);
  if (!match) return "wrong";
  if (match.steps > 1) return "out_of_window";
  if (factor.lastCounter !== undefined && match.counter <= factor.lastCounter) return "replayed";
  factor.lastCounter = match.counter;
  return "right";
}

export function refuseTotpCode(
  context: OktaContext,
  transaction: Transaction,
  verdict: CodeVerdict,
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
  return refuseFactor(context, transaction, WRONG_CODE);
}

export async function verifyTotp(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Promise<Response> {
  const passCode = String(context.request.json!.passCode);
  const verdict = await judgeTotpCode(factor, passCode, oktaNow(context.world.clock));
  return verdict === "right"
    ? acceptFactor(context, transaction, factor)
    : refuseTotpCode(context, transaction, verdict);
}
