/** `/api/v1/authn`: the Classic authentication API. */

import { oktaNow } from "../../clock.ts";
import type { Transaction } from "../../state.ts";
import type { SimUser } from "../../world.ts";
import { type OktaContext, sessionOf } from "../context.ts";
import { oktaError } from "../errors.ts";
import { activateFactor, enrollFactor } from "./enroll.ts";
import { ILLEGAL, isRemembered } from "./factor_verdict.ts";
import { resendFactor, verifyFactor } from "./factors.ts";
import { changePassword } from "./password.ts";
import {
  answerRecovery,
  resendRecovery,
  resetPassword,
  startRecovery,
  takeRecoveryToken,
  verifyRecovery,
} from "./recovery.ts";
import { advance, endChallenge, startTransaction } from "./transaction.ts";
import { link, showTransaction } from "./transaction_body.ts";

/** Checks method, media types and JSON before any state. */
function refuseForm({ world, request }: OktaContext): Response | undefined {
  if (request.method !== "POST") return oktaError(world, "E0000022");
  const type = request.headers.get("content-type") ?? "";
  const accept = request.headers.get("accept") ?? "";
  if (!/^application\/json\b/i.test(type)) return oktaError(world, "E0000021");
  if (world.policy.strictAccept && !/\bapplication\/json\b/i.test(accept)) {
    return oktaError(world, "E0000021");
  }
  return request.json === undefined ? oktaError(world, "E0000003") : undefined;
}

/** Finds a user by login, with or without the domain. */
export function findUser({ world }: OktaContext, username: unknown): SimUser | undefined {
  if (typeof username !== "string") return undefined;
  const name = username.toLowerCase();
  return world.users.find(({ login }) =>
    login.toLowerCase() === name || login.toLowerCase().split("@")[0] === name
  );
}

function lockedOut({ world, origin }: OktaContext): Response {
  if (!world.policy.showLockout) return oktaError(world, "E0000004");
  return Response.json({
    status: "LOCKED_OUT",
    _embedded: {},
    _links: {
      next: link(`${origin}/api/v1/authn/recovery/unlock`, "POST", "unlock"),
      cancel: link(`${origin}/api/v1/authn/cancel`),
    },
  });
}

function checkPassword(context: OktaContext, user: SimUser | undefined): Response | undefined {
  const { world, request } = context;
  if (user?.lockedOut) return lockedOut(context);
  if (!user || user.password !== request.json!.password) {
    if (!user) return oktaError(world, "E0000004");
    user.failedPasswords += 1;
    if (user.failedPasswords < world.policy.maxFailedPasswords) return oktaError(world, "E0000004");
    user.lockedOut = true;
    return lockedOut(context);
  }
  user.failedPasswords = 0;
  return user.denied ? oktaError(world, "E0000004") : undefined;
}

function passwordStep(context: OktaContext, transaction: Transaction, user: SimUser): Response {
  transaction.user = user;
  transaction.amr.add("pwd");
  if (isRemembered(context, user)) transaction.done.add("factor");
  advance(transaction);
  return showTransaction(context, transaction);
}

/** Identity Engine: the global session policy, and what this API no longer supports. */
function refusedByPolicy({ world, request }: OktaContext): Response | undefined {
  if (world.org.pipeline !== "idx") return undefined;
  if (world.idx.authn !== "works") return oktaError(world, world.idx.authn);
  return request.json!.audience === undefined
    ? undefined
    : oktaError(world, "E0000001", ["audience: not supported"], "audience");
}

/** `{username, password}`: starts a transaction, or continues a step-up. */
function primary(context: OktaContext): Response {
  const { world, request } = context;
  const { username, password, stateToken, options, relayState } = request.json!;
  if (typeof username !== "string" || typeof password !== "string") {
    const missing = typeof username !== "string" ? "username" : "password";
    return oktaError(world, "E0000001", [`${missing}: The field cannot be left blank`], missing);
  }
  const user = findUser(context, username);
  const existing = stateToken === undefined ? undefined : findTransaction(context);
  if (stateToken !== undefined && !existing) return oktaError(world, "E0000011");
  if (existing && existing.status !== "UNAUTHENTICATED") {
    return oktaError(world, "E0000079", [ILLEGAL]);
  }
  const refusal = checkPassword(context, user) ?? refusedByPolicy(context);
  if (refusal) return refusal;
  const warn = (options as { warnBeforePasswordExpired?: unknown } | undefined)
    ?.warnBeforePasswordExpired === true;
  const transaction = existing ?? startTransaction(context, {
    warn,
    ...(typeof relayState === "string" ? { relayState } : {}),
  });
  return passwordStep(context, transaction, user!);
}

/** The transaction of the body's stateToken, unless expired; extends its lifetime. */
function findTransaction({ world, state, request }: OktaContext, slides = true) {
  const transaction = state.transactions.get(String(request.json!.stateToken));
  const now = oktaNow(world.clock);
  if (!transaction || transaction.expiresAt <= now) return undefined;
  if (slides) transaction.expiresAt = now + world.org.stateTokenLifetimeMs;
  return transaction;
}

function illegal({ world }: OktaContext): Response {
  return oktaError(world, "E0000079", [ILLEGAL]);
}

function cancel({ state }: OktaContext, transaction: Transaction): Response {
  state.transactions.delete(transaction.stateToken);
  const { relayState } = transaction;
  return Response.json(relayState === undefined ? {} : { relayState });
}

function previous(context: OktaContext, transaction: Transaction): Response {
  const back = { MFA_CHALLENGE: "MFA_REQUIRED", MFA_ENROLL_ACTIVATE: "MFA_ENROLL" } as const;
  const to = back[transaction.status as keyof typeof back];
  if (to === undefined) return illegal(context);
  transaction.status = to;
  endChallenge(transaction);
  delete transaction.enrolling;
  return showTransaction(context, transaction);
}

function skip(context: OktaContext, transaction: Transaction): Response {
  const optional = transaction.status === "MFA_ENROLL" &&
    transaction.user!.mfa === "enroll_optional";
  if (transaction.status !== "PASSWORD_WARN" && !optional) return illegal(context);
  transaction.done.add(optional ? "enroll" : "warn");
  advance(transaction);
  return showTransaction(context, transaction);
}

type Move = (
  context: OktaContext,
  transaction: Transaction,
  id: string,
) => Response | Promise<Response>;

const MOVES: [RegExp, Move][] = [
  [/^\/cancel$/, cancel],
  [/^\/previous$/, previous],
  [/^\/skip$/, skip],
  [/^\/credentials\/change_password$/, changePassword],
  [/^\/credentials\/reset_password$/, resetPassword],
  [/^\/recovery\/factors\/(?:SMS|CALL)\/verify$/, verifyRecovery],
  [/^\/recovery\/factors\/(?:SMS|CALL)\/resend$/, resendRecovery],
  [/^\/recovery\/answer$/, answerRecovery],
  [/^\/factors$/, enrollFactor],
  [/^\/factors\/([^/]+)\/verify$/, verifyFactor],
  [/^\/factors\/([^/]+)\/verify\/resend$/, resendFactor],
  [/^\/factors\/([^/]+)\/lifecycle\/activate$/, activateFactor],
];

/** A step-up works only with the session that started it. */
function isOtherSession(context: OktaContext, { sid }: Transaction): boolean {
  return sid !== undefined && sessionOf(context)?.id !== sid;
}

/** `/api/v1/authn` and below. */
export async function answerAuthn(context: OktaContext): Promise<Response> {
  const { world, request } = context;
  const refusal = refuseForm(context);
  if (refusal) return refusal;
  const path = request.path.slice("/api/v1/authn".length);
  const body = request.json!;
  if (path === "" && (body.username !== undefined || body.stateToken === undefined)) {
    return body.token === undefined ? primary(context) : oktaError(world, "E0000011");
  }
  if (path === "/recovery/password") return startRecovery(context, "PASSWORD");
  if (path === "/recovery/unlock") return startRecovery(context, "UNLOCK");
  if (path === "/recovery/token") return takeRecoveryToken(context);
  const introspects = path === "/introspect";
  const move = MOVES.find(([pattern]) => pattern.test(path));
  if (path !== "" && !introspects && !move) {
    return oktaError(world, "E0000022");
  }
  if (typeof body.stateToken !== "string") {
    return oktaError(
      world,
      "E0000001",
      ["stateToken: The field cannot be left blank"],
      "stateToken",
    );
  }
  const transaction = findTransaction(context, !introspects);
  if (!transaction || isOtherSession(context, transaction)) return oktaError(world, "E0000011");
  if (!move) return showTransaction(context, transaction);
  return await move[1](context, transaction, decodeURIComponent(move[0].exec(path)![1] ?? ""));
}
