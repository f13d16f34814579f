/**
 * Codes that a device shows or types; an RSA server may want a new PIN first.
 *
 * @module
 */

import { QUESTIONS, takeCode } from "../typed_codes.ts";
import type { Answer } from "./answer.ts";
import { showIdx } from "./body.ts";
import { problem } from "./ion.ts";
import { accept, refuse, WRONG_CODE } from "./verdict.ts";

/** Asks RSA's next question: the sign-in stays where it is. */
async function ask({ context, transaction, factor }: Answer): Promise<Response> {
  const [next] = factor!.pinSteps!;
  if (next === undefined) return await accept(context, transaction);
  transaction.askedForPin = true;
  const text = QUESTIONS[next];
  transaction.messages = [problem("errors.E0000113", text, [text])];
  return await showIdx(context, transaction, 409);
}

function isPinRight({ transaction, factor }: Answer, code: string): boolean {
  const [step] = factor!.pinSteps!;
  if (step === "repeat_pin") return code === transaction.newPin;
  transaction.newPin = code;
  return /^\d{4,8}$/.test(code);
}

/** A code, or a PIN where one was asked for. */
export async function answerTypedCode(answer: Answer): Promise<Response> {
  const { context, transaction, factor, credentials } = answer;
  const code = String(credentials.passcode);
  const [step] = factor!.pinSteps ?? [];
  const isPin = transaction.askedForPin === true && step !== undefined && step !== "next_code";
  const right = isPin ? isPinRight(answer, code) : takeCode(factor!, code);
  if (!right) return await refuse(context, transaction, WRONG_CODE);
  if (step === undefined) return await accept(context, transaction);
  if (transaction.askedForPin) factor!.pinSteps = factor!.pinSteps!.slice(1);
  return await ask(answer);
}
