/** `/idp/idx/challenge`, `…/resend`: choose an authenticator, send its code or push. */

import { oktaNow } from "../../clock.ts";
import type { OktaContext } from "../context.ts";
import { challengeText } from "../classic/key_factor.ts";
import { issueCode } from "../classic/sent_codes.ts";
import { authenticatorsOf, type SimAuthenticator } from "./authenticators.ts";
import { showIdx } from "./body.ts";
import { ionError, problem } from "./ion.ts";
import { type IdxTransaction, leaveAuthenticator } from "./transaction.ts";

/** Methods that send something: Identity Engine asks before it sends. */
const SENDING = new Set(["push", "sms", "voice", "email"]);

/** The message when a code was sent too recently. */
const TOO_SOON: Record<string, string> = {
  E0000109: "An SMS message was recently sent. Please wait 30 seconds before trying again.",
  E0000133: "A phone call was recently made. Please wait 30 seconds before trying again.",
  E0000118: "An email was recently sent. Please wait 5 seconds before trying again.",
};

function sendPush(context: OktaContext, transaction: IdxTransaction, factorId: string): void {
  const at = oktaNow(context.world.clock);
  const { login } = transaction.user!;
  context.state.inbox.push({ channel: "push", login, factorId, code: undefined, at });
  transaction.push = { at, polls: 0 };
  delete transaction.number;
}

/** The error if a code was sent too recently. */
function send(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: SimAuthenticator,
  method: string,
): Response | undefined {
  const factor = authenticator.methods.get(method)!;
  if (method === "push") {
    sendPush(context, transaction, factor.id);
    return undefined;
  }
  const error = issueCode(context, transaction.user!, factor);
  if (error === undefined) return undefined;
  return ionError(context, 429, [problem(`errors.${error}`, TOO_SOON[error]!)], transaction);
}

export async function challenge(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: SimAuthenticator,
  method: string,
): Promise<Response> {
  const refused = SENDING.has(method)
    ? send(context, transaction, authenticator, method)
    : undefined;
  if (refused) return refused;
  const { push, number } = transaction;
  leaveAuthenticator(transaction);
  transaction.step += 1;
  if (method === "push") {
    Object.assign(transaction, { push }, number === undefined ? {} : { number });
  }
  if (method === "webauthn") transaction.keyChallenge = challengeText();
  transaction.current = { key: authenticator.key, method, phase: "sent" };
  return await showIdx(context, transaction);
}

/** Starts an authenticator; one that sends something asks first. */
export async function begin(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: SimAuthenticator,
): Promise<Response> {
  const [only, ...others] = authenticator.methods.keys();
  const automatic = only === "push" && context.world.idx.autoChallenge;
  if (others.length === 0 && (!SENDING.has(only!) || automatic)) {
    return await challenge(context, transaction, authenticator, only!);
  }
  leaveAuthenticator(transaction);
  transaction.current = { key: authenticator.key, phase: "data" };
  return await showIdx(context, transaction);
}

/** `select-authenticator-authenticate`, `authenticator-verification-data` and `resend` of a push. */
export async function choose(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { id, methodType } = context.request.json!.authenticator as Record<string, string>;
  const authenticator = authenticatorsOf(transaction.user!).find((one) => one.id === id)!;
  return methodType === undefined
    ? await begin(context, transaction, authenticator)
    : await challenge(context, transaction, authenticator, methodType);
}

/** `resend` of a code. */
export async function resend(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { key, method } = transaction.current!;
  const authenticator = authenticatorsOf(transaction.user!).find((one) => one.key === key)!;
  const methods = [...authenticator.methods.keys()];
  return await challenge(context, transaction, authenticator, method ?? methods[0]!);
}
