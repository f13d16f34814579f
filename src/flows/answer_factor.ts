/**
 * The second factor: a time-based code, computed from the stored secret or typed.
 *
 * @module
 */

import { SignInError } from "../errors.ts";
import { processAuthnResponse, verifyCodeRequest } from "../okta/authn.ts";
import type { AuthnTransaction, Factor } from "../okta/authn_transaction.ts";
import { isUsedCode, parseOktaError } from "../okta/error_codes.ts";
import { chooseTotpFactor, factorName } from "../okta/factors.ts";
import type { HttpResponse } from "../ports.ts";
import { Secret } from "../secret.ts";
import { parseTotpSecret } from "../totp/otpauth_uri.ts";
import { totpCode, type TotpParameters } from "../totp/totp.ts";
import type { Conversation } from "./conversation.ts";
import type { OktaAccount } from "./okta_account.ts";

/** How often a person may mistype a code; Okta locks after five wrong ones by default. */
const TYPED_TRIES = 3;

/**
 * Answers the factor that fits best.
 *
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @param transaction In MFA_REQUIRED.
 * @returns What Okta asks for next.
 * @throws {SignInError} Okta's refusal, or `factor_not_supported` with the factors' names.
 */
export async function answerFactor(
  account: OktaAccount,
  conversation: Conversation,
  transaction: AuthnTransaction,
): Promise<AuthnTransaction> {
  const factor = chooseTotpFactor(transaction.factors, account.preference);
  if (factor === undefined) throw unsupported(transaction.factors);
  const send = codeSender(account, factor, transaction);
  const { id, totp } = await account.secrets();
  const response = totp === undefined
    ? await answerTyped(conversation, factor, send)
    : await answerComputed(
      account,
      conversation,
      send,
      id ?? "env",
      parseTotpSecret(totp.reveal()),
    );
  return processAuthnResponse(response, "accept the code");
}

type SendCode = (code: Secret) => Promise<HttpResponse>;

function codeSender(
  { client }: OktaAccount,
  factor: Factor,
  { stateToken }: AuthnTransaction,
): SendCode {
  if (stateToken === undefined || factor.verify === undefined) throw unsupported([factor]);
  return (code) => verifyCodeRequest(client, factor.verify!, stateToken, code);
}

function unsupported(factors: Factor[]): SignInError {
  const names = factors.map(factorName).join(", ") || "a factor that it does not name";
  return new SignInError(`Okta asks for ${names}`, {
    code: "factor_not_supported",
    hint: "this version answers codes of Google Authenticator and Okta Verify: enrol one in the " +
      "browser, or check --mfa-provider and --mfa-factor-type",
  });
}

/** A code is good once: one that has been sent, by us or anybody, is not sent again. */
async function answerComputed(
  account: OktaAccount,
  conversation: Conversation,
  send: SendCode,
  item: string,
  parameters: TotpParameters,
): Promise<HttpResponse> {
  const first = await unusedCode(account, conversation, item, parameters);
  const response = await sendOnce(account, send, item, first);
  const error = response.status === 200 ? undefined : parseOktaError(response.body);
  if (error === undefined || !isUsedCode(error)) return response;
  const next = await unusedCode(account, conversation, item, parameters);
  return await sendOnce(account, send, item, next);
}

async function sendOnce(
  account: OktaAccount,
  send: SendCode,
  item: string,
  { code, counter }: { code: Secret; counter: number },
): Promise<HttpResponse> {
  // Noted before it is sent: a run that is killed in between must not send it twice either.
  await account.state.change({ usedCode: { item, counter } });
  return await send(code);
}

async function unusedCode(
  account: OktaAccount,
  conversation: Conversation,
  item: string,
  parameters: TotpParameters,
): Promise<{ code: Secret; counter: number }> {
  const { clock } = account.client;
  const used = (await account.state.read()).usedCode;
  const last = used?.item === item ? used.counter : -1;
  const offset = await clockCorrection(account, conversation, parameters);
  for (;;) {
    const current = await totpCode(parameters, clock.now() + offset);
    if (current.counter > last) return current;
    // A clock that was set back by hours must not make us wait for hours.
    if (current.counter < last - 1) return current;
    await conversation.say(
      `this one-time code has been used: waiting ${current.secondsLeft} s for the next one`,
    );
    await clock.sleep(current.secondsLeft * 1000);
  }
}

/** Okta takes the code of the step before and after: only a clock further off needs correction. */
async function clockCorrection(
  { client }: OktaAccount,
  conversation: Conversation,
  { periodSeconds }: TotpParameters,
): Promise<number> {
  const offset = client.clockOffsetMilliseconds;
  if (Math.abs(offset) <= periodSeconds * 1000) return 0;
  const seconds = Math.round(Math.abs(offset) / 1000);
  const direction = offset > 0 ? "behind" : "ahead of";
  await conversation.say(`this machine's clock is ${seconds} s ${direction} Okta's: corrected`);
  return offset;
}

async function answerTyped(
  conversation: Conversation,
  factor: Factor,
  send: SendCode,
): Promise<HttpResponse> {
  for (let left = TYPED_TRIES;; left--) {
    const typed = await conversation.askSecret(`Okta asks for a ${factorName(factor)}`);
    const response = await send(new Secret(typed.reveal().replace(/\s/g, "")));
    const error = response.status === 200 ? undefined : parseOktaError(response.body);
    const mistyped = error?.errorCode === "E0000068" || (error && isUsedCode(error));
    if (!mistyped || left === 1) return response;
    await conversation.say("Okta did not accept this code: try again");
  }
}
