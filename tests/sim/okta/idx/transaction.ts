/**
 * A sign-in on Identity Engine: what is known of it, how it starts, moves on and ends.
 *
 * @module
 */

import { oktaNow } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { SentPush, Session } from "../../state.ts";
import type { SimApp, SimFactor, SimUser } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import type { IonHandle, IonMessage } from "./ion.ts";

/** The authenticator that is being answered. */
export interface CurrentAuthenticator {
  /** `okta_password`, `google_otp`, `okta_verify`, … */
  key: string;
  /** `push`, `sms`, `otp`, …; not chosen yet where it is left out. */
  method?: string;
  /** `data`: it must still be asked for; `sent`: it is out; `rejected`: it must be sent again. */
  phase: "data" | "sent" | "rejected";
}

/** A sign-in. */
export interface IdxTransaction {
  /** What the app's page carries. */
  stateToken: string;
  /** The app to sign in to. */
  app: SimApp;
  /** The session that was there before. */
  session: Session | undefined;
  /** Who signs in; nobody yet before `identify`. */
  user: SimUser | undefined;
  /** By Okta's clock, milliseconds since 1970. */
  expiresAt: number;
  /** Counts the moves: a form of an earlier step is refused. */
  step: number;
  /** The last answer's own stateHandle. */
  handle?: string;
  /** Authentication methods used, RFC 8176, and `phr` for phishing-resistant ones. */
  amr: Set<string>;
  /** Ids of the factors that are proven, and `password`. */
  proven: Set<string>;
  /** What is being answered. */
  current?: CurrentAuthenticator;
  /** The push that was sent last. */
  push?: SentPush;
  /** The number to choose on the phone. */
  number?: number;
  /** What a security key is to sign, base64url. */
  keyChallenge?: string;
  /** What an RSA server asked last. */
  askedForPin?: boolean;
  /** The new PIN, given once. */
  newPin?: string;
  /** The factor being enrolled. */
  enrolling?: SimFactor;
  /** Steps that are done. */
  done: Set<"probe" | "password" | "warn" | "enroll" | "grace" | "kmsi">;
  /** Whether all is done, and only the redirect is left. */
  succeeded: boolean;
  /** What the next answer tells. */
  messages: IonMessage[];
  /** What the next answer tells at the field that was wrong. */
  fieldMessages: IonMessage[];
}

/** What was given out on Identity Engine. */
export interface IdxState {
  /** By stateToken. */
  transactions: Map<string, IdxTransaction>;
  /** By stateHandle. */
  handles: Map<string, IonHandle>;
}

/** @returns An empty one. */
export function createIdxState(): IdxState {
  return { transactions: new Map(), handles: new Map() };
}

/** Starts a sign-in to an app; what the session has proven counts. */
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

/** @returns Whether it lives; its time starts anew. */
export function isLive({ world, state }: OktaContext, transaction: IdxTransaction): boolean {
  const now = oktaNow(world.clock);
  const known = state.idx.transactions.get(transaction.stateToken) === transaction;
  if (!known || transaction.expiresAt <= now) return false;
  transaction.expiresAt = now + world.org.stateTokenLifetimeMs;
  return true;
}

/** Ends a sign-in: nothing of it is good any more. */
export function endIdx({ state }: OktaContext, { stateToken }: IdxTransaction): void {
  state.idx.transactions.delete(stateToken);
  for (const [handle, { transaction }] of state.idx.handles) {
    if (transaction.stateToken === stateToken) state.idx.handles.delete(handle);
  }
}

/** Forgets the authenticator that was being answered. */
export function leaveAuthenticator(transaction: IdxTransaction): void {
  delete transaction.current;
  delete transaction.push;
  delete transaction.number;
  delete transaction.keyChallenge;
  delete transaction.askedForPin;
  delete transaction.newPin;
}
