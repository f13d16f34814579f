/**
 * Codes that Okta sends: by SMS, call and e-mail, never twice within a while.
 *
 * @module
 */

import { oktaNow } from "../clock.ts";
import type { Transaction } from "../state.ts";
import type { SimFactor } from "../world.ts";
import type { OktaContext } from "./context.ts";
import { oktaError } from "./errors.ts";
import { acceptFactor, refuseFactor, WRONG_CODE } from "./factor_verdict.ts";
import { showTransaction } from "./transaction_body.ts";

/** How long Okta sends nothing more, and what it says to whoever asks. */
const LIMITS: Record<string, { milliseconds: number; error: string }> = {
  sms: { milliseconds: 30_000, error: "E0000109" },
  call: { milliseconds: 30_000, error: "E0000133" },
  email: { milliseconds: 5_000, error: "E0000118" },
};

/** How long a sent code is good. */
const CODE_LIFETIME_MS = 5 * 60_000;

function newCode(): string {
  const [number] = crypto.getRandomValues(new Uint32Array(1));
  return String(number! % 1_000_000).padStart(6, "0");
}

/** Sends a code, the first one or another; the inbox has it. */
export function sendCode(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  const { world, state } = context;
  const { milliseconds, error } = LIMITS[factor.factorType]!;
  const at = oktaNow(world.clock);
  if (factor.sent && at - factor.sent.at < milliseconds) return oktaError(world, error);
  factor.sent = { code: newCode(), at };
  const { factorType: channel, id: factorId } = factor;
  const { login } = transaction.user!;
  state.inbox.push({ channel, login, factorId, code: factor.sent.code, at });
  transaction.status = "MFA_CHALLENGE";
  transaction.factorId = factorId;
  return showTransaction(context, transaction);
}

/** The code, typed. */
export function verifySentCode(
  context: OktaContext,
  transaction: Transaction,
  factor: SimFactor,
): Response {
  const { passCode } = context.request.json!;
  const { sent } = factor;
  const lives = sent && oktaNow(context.world.clock) - sent.at < CODE_LIFETIME_MS;
  if (!lives || passCode !== sent.code) return refuseFactor(context, transaction, WRONG_CODE);
  // The code is used up; the time of its sending still counts for the next one.
  factor.sent = { code: "", at: sent.at };
  return acceptFactor(context, transaction, factor);
}
