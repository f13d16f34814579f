/** A sign-in on Identity Engine: its state, start and end. */

import { oktaNow } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { SentPush, Session } from "../../state.ts";
import type { SimApp, SimFactor, SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import type { IonHandle, IonMessage } from "./ion.ts";

/** The authenticator of the current challenge. */
export interface CurrentAuthenticator {
  /** `okta_password`, `google_otp`, `okta_verify`, … */
  key: string;
  /** `push`, `sms`, `otp`, …; `undefined` until chosen. */
  method?: string;
  /** `data`: asks whether to send; `sent`: waits for an answer; `rejected`: offers to send again. */
  phase: "data" | "sent" | "rejected";
}

export interface IdxTransaction {
  /** In the app's page. */
  stateToken: string;
  app: SimApp;
  /** The session at the start. */
  session: Session | undefined;
  /** `undefined` before `identify`. */
  user: SimUser | undefined;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** Counts the steps: forms of an earlier step are rejected. */
  step: number;
  /** The stateHandle of the last answer. */
  handle?: string;
  /** Authentication methods used (RFC 8176), and `phr` for phishing-resistant ones. */
  amr: Set<string>;
  /** Keys of the authenticators used. */
  proven: Set<string>;
  current?: CurrentAuthenticator;
  push?: SentPush;
  /** The number to tap on the phone. */
  number?: number;
  /** What a security key must sign, base64url. */
  keyChallenge?: string;
  /** Whether the RSA server asked for a PIN or the next code. */
  askedForPin?: boolean;
  /** The new PIN, before it is repeated. */
  newPin?: string;
  enrolling?: SimFactor;
  /** A forgotten password, or a locked account. */
  recovering?: "password" | "lock";
  done: Set<"recovery" | "probe" | "password" | "warn" | "enroll" | "grace" | "kmsi">;
  /** Whether only the redirect is left. */
  succeeded: boolean;
  /** Shown with the next answer. */
  messages: IonMessage[];
  /** Shown with the next answer, at the field. */
  fieldMessages: IonMessage[];
}

export interface IdxState {
  /** By stateToken. */
  transactions: Map<string, IdxTransaction>;
  /** By stateHandle. */
  handles: Map<string, IonHandle>;
}

export function createIdxState(): IdxState {
  return { transactions: new Map(), handles: new Map() };
}

/** Starts a sign-in to an app; the session's authentication methods count. */
export function startIdx(
  { world, state }: OktaContext,
  app: SimApp,
  session: Session | undefined,
): IdxTransaction {
  const amr = session && app.policy?.everyTime !== true ? session.amr : [];
  const transaction: IdxTransaction = {
    stateToken: oktaToken("02.id."),
    app,
    session,
    user: session?.user,
    expiresAt: oktaNow(world.clock) + world.org.stateTokenLifetimeMs,
    step: 0,
    amr: new Set(amr),
    proven: new Set(amr.includes("pwd") ? ["password"] : []),
    done: new Set(session ? ["probe"] : []),
    succeeded: false,
    messages: [],
    fieldMessages: [],
  };
  state.idx.transactions.set(transaction.stateToken, transaction);
  return transaction;
}

/** Whether it has not expired; extends its lifetime. */
export function isLive({ world, state }: OktaContext, transaction: IdxTransaction): boolean {
  const now = oktaNow(world.clock);
  const known = state.idx.transactions.get(transaction.stateToken) === transaction;
  if (!known || transaction.expiresAt <= now) return false;
  transaction.expiresAt = now + world.org.stateTokenLifetimeMs;
  return true;
}

/** Ends a sign-in and invalidates its handles. */
export function endIdx({ state }: OktaContext, { stateToken }: IdxTransaction): void {
  state.idx.transactions.delete(stateToken);
  for (const [handle, { transaction }] of state.idx.handles) {
    if (transaction.stateToken === stateToken) state.idx.handles.delete(handle);
  }
}

export function leaveAuthenticator(transaction: IdxTransaction): void {
  delete transaction.current;
  delete transaction.push;
  delete transaction.number;
  delete transaction.keyChallenge;
  delete transaction.askedForPin;
  delete transaction.newPin;
}
