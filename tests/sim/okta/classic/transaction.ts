/** The authn transaction: start, and order of states. */

import { oktaNow } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { Session, Transaction } from "../../state.ts";
import type { SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";

export function startTransaction(
  { world, state }: Pick<OktaContext, "world" | "state">,
  settings: Partial<Transaction>,
): Transaction {
  const transaction: Transaction = {
    stateToken: oktaToken(),
    status: "UNAUTHENTICATED",
    user: undefined,
    expiresAt: oktaNow(world.clock) + world.org.stateTokenLifetimeMs,
    warn: false,
    done: new Set(),
    amr: new Set(),
    ...settings,
  };
  state.transactions.set(transaction.stateToken, transaction);
  return transaction;
}

/** Moves to the policy's next state: factor, enrollment, new password, warning, success. */
export function advance(transaction: Transaction): void {
  transaction.status = nextStatus(transaction, transaction.user!);
  endChallenge(transaction);
}

export function endChallenge(transaction: Transaction): void {
  delete transaction.factorId;
  delete transaction.factorResult;
  delete transaction.push;
  delete transaction.challenge;
  delete transaction.askedForPin;
  delete transaction.newPin;
}

function nextStatus({ done, warn, app }: Transaction, user: SimUser): Transaction["status"] {
  const wantsFactor = app !== undefined || user.mfa !== "none";
  if (wantsFactor && user.factors.length > 0 && !done.has("factor")) return "MFA_REQUIRED";
  if (user.passwordState === "expired" && !done.has("password")) return "PASSWORD_EXPIRED";
  if (typeof user.passwordState === "object" && warn && !done.has("warn")) return "PASSWORD_WARN";
  const mustEnroll = user.mfa.startsWith("enroll") ||
    user.mfa === "required" && user.factors.length === 0;
  if (mustEnroll && !done.has("enroll")) return "MFA_ENROLL";
  return user.endsIn === undefined ? "SUCCESS" : "STOPPED";
}

/** Records a completed step-up on its session. */
export function markSteppedUp(session: Session, transaction: Transaction, now: number): void {
  session.steppedUp.add(transaction.app!.id);
  session.lastFactor = now;
}
