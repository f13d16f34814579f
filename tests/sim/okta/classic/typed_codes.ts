/**
 * Codes that a device shows or types (HOTP, RSA, Symantec, YubiKey), each accepted once. An RSA
 * server may ask for a new PIN first; Okta answers 409 then.
 */

import type { Transaction } from "../../state.ts";
import type { PinStep, SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { acceptFactor, refuseFactor, WRONG_CODE } from "./factor_verdict.ts";

/** The RSA server's questions. */
export const QUESTIONS: Record<PinStep, string> = {
  new_pin: "Enter a new PIN having from 4 to 8 digits",
  repeat_pin: "Please re-enter new PIN",
  next_code: "Pin accepted, Wait for token to change, then enter new passcode",
};

function pinStep(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
  passCode: string,
): Response {
  const [step, ...later] = factor.pinSteps!;
  const isPin = /^\d{4,8}$/.test(passCode);
  const isRepeated = passCode === transaction.newPin;
  if (step === "new_pin" && !isPin || step === "repeat_pin" && !isRepeated) {
    return refuseFactor(context, transaction, WRONG_CODE);
  }
  if (step === "new_pin") transaction.newPin = passCode;
  factor.pinSteps = later;
  const next = later[0];
  return next === undefined
    ? acceptFactor(context, transaction, factor)
    : oktaError(context.world, "E0000113", [], QUESTIONS[next]);
}

/** Whether the code is right; a right one can't be used again. */
export function takeCode({ codes = [] }: SimFactor, passCode: string): boolean {
  const at = codes.indexOf(passCode);
  if (at >= 0) codes.splice(at, 1);
  return at >= 0;
}

/** A code, or a PIN if one was asked for. */
export function verifyTypedCode(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  const passCode = String(context.request.json!.passCode);
  const step = factor.pinSteps?.[0];
  if (transaction.askedForPin && step !== undefined && step !== "next_code") {
    return pinStep(context, transaction, factor, passCode);
  }
  if (!takeCode(factor, passCode)) return refuseFactor(context, transaction, WRONG_CODE);
  if (step === undefined) return acceptFactor(context, transaction, factor);
  if (transaction.askedForPin) return pinStep(context, transaction, factor, passCode);
  transaction.askedForPin = true;
  return oktaError(context.world, "E0000113", [], QUESTIONS[step]);
}
