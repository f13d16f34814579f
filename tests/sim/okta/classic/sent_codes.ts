/** Codes that Okta sends by SMS, call and e-mail, with a minimum time between two. */

import { oktaNow } from "../../clock.ts";
import type { Transaction } from "../../state.ts";
import type { SimFactor, SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { acceptFactor, refuseFactor, WRONG_CODE } from "./factor_verdict.ts";
import { showTransaction } from "./transaction_body.ts";

/** Minimum time between two codes, and the error before that. */
const LIMITS: Record<string, { milliseconds: number; error: string }> = {
  sms: { milliseconds: 30_000, error: "E0000109" },
  call: { milliseconds: 30_000, error: "E0000133" },
  email: { milliseconds: 5_000, error: "E0000118" },
};

const CODE_LIFETIME_MS = 5 * 60_000;

export function newCode(): string {
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return String(number! % 1_000_000).padStart(6, "0");
}

/** Sends a code to the inbox; if the last one was sent too recently, returns the error's code. */
export function issueCode(
  { world, state }: OktaContext,
  { login }: SimUser,
  factor: SimFactor,
): string | undefined {
  const { factorType: channel, id: factorId } = factor;
  const { milliseconds, error } = LIMITS[channel]!;
  const at = oktaNow(world.clock);
  if (factor.sent && at - factor.sent.at < milliseconds) return error;
  factor.sent = { code: newCode(), at };
  state.inbox.push({ channel, login, factorId, code: factor.sent.code, at });
  return undefined;
}

/** Sends a code and answers with the challenge. */
export function sendCode(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  const error = issueCode(context, transaction.user!, factor);
  if (error !== undefined) return oktaError(context.world, error);
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factor.id;
  return showTransaction(context, transaction);
}

/** Whether it is the last code sent; a right one can't be used again. */
export function takeSentCode({ world }: OktaContext, factor: SimFactor, code: unknown): boolean {
  const { sent } = factor;
  const lives = sent && oktaNow(world.clock) - sent.at < CODE_LIFETIME_MS;
  if (!lives || sent.code === "" || code !== sent.code) return false;
  // The time still limits when the next one can be sent.
  factor.sent = { code: "", at: sent.at };
  return true;
}

export function verifySentCode(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  return takeSentCode(context, factor, context.request.json!.passCode)
    ? acceptFactor(context, transaction, factor)
    : refuseFactor(context, transaction, WRONG_CODE);
}
