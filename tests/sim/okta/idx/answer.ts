/**
 * `/idp/idx/challenge/answer`: the code, the password, the answer, the key's signature.
 *
 * @module
 */

import { oktaNow } from "../../clock.ts";
import type { SimFactor } from "../../world.ts";
import type { OktaContext } from "../context.ts";
import { checkDuoAnswer } from "../duo_factor.ts";
import { checkWebAuthn } from "../key_factor.ts";
import { takeSentCode } from "../sent_codes.ts";
import { judgeTotpCode } from "../totp_factor.ts";
import { authenticatorsOf } from "./authenticators.ts";
import { passwordProblem } from "./identify.ts";
import { problem } from "./ion.ts";
import { answerTypedCode } from "./pin.ts";
import type { IdxTransaction } from "./transaction.ts";
import { accept, refuse, WRONG_CODE } from "./verdict.ts";

/** One answer. */
export interface Answer {
  /** The request. */
  context: OktaContext;
  /** The sign-in. */
  transaction: IdxTransaction;
  /** The factor that is answered; the password is none. */
  factor: SimFactor | undefined;
  /** What was given. */
  credentials: Record<string, unknown>;
}

type Judge = (answer: Answer) => Promise<Response>;

function verdict(
  { context, transaction }: Answer,
  right: boolean,
  message = WRONG_CODE,
  status = 403,
): Promise<Response> {
  return right ? accept(context, transaction) : refuse(context, transaction, message, status);
}

function password(answer: Answer): Promise<Response> {
  const { context, transaction, credentials } = answer;
  const wrong = problem("incorrectPassword", "Password is incorrect");
  const found = passwordProblem(context, transaction.user, credentials.passcode, wrong);
  // Wrong passwords are counted apart from wrong codes.
  if (found) transaction.user!.failedCodes = 0;
  return verdict(answer, found === undefined, found, 401);
}

async function totp(answer: Answer): Promise<Response> {
  const { context, factor, credentials } = answer;
  const code = String(credentials.totp ?? credentials.passcode);
  const judged = await judgeTotpCode(factor!, code, oktaNow(context.world.clock));
  const used = problem(
    "authfactor.challenge.soft_token.used_passcode",
    "Each code can only be used once. Please wait for a new code and try again.",
  );
  const wrong = factor!.provider === "OKTA" ? WRONG_CODE : problem(
    "authfactor.challenge.soft_token.invalid_passcode",
    "Your code doesn't match our records. Please try again.",
  );
  return await verdict(answer, judged === "right", judged === "replayed" ? used : wrong);
}

function sentCode(answer: Answer): Promise<Response> {
  const { context, factor, credentials } = answer;
  return verdict(answer, takeSentCode(context, factor!, credentials.passcode));
}

function question(answer: Answer): Promise<Response> {
  const text = "Your answer doesn't match our records. Please try again.";
  const wrong = problem("authfactor.challenge.question_factor.answer_invalid", text);
  return verdict(answer, answer.credentials.answer === answer.factor!.answer, wrong);
}

async function securityKey(answer: Answer): Promise<Response> {
  const { context, transaction, factor, credentials } = answer;
  const { keyChallenge } = transaction;
  const right = await checkWebAuthn(context.origin, keyChallenge, factor!, credentials)
    .catch(() => false);
  const text = "The security key couldn’t be verified. Please try again.";
  return await verdict(answer, right, problem("authfactor.webauthn.error", text));
}

async function duo(answer: Answer): Promise<Response> {
  const { context, transaction, factor, credentials } = answer;
  const signed = String(credentials.signatureData);
  const right = await checkDuoAnswer(context, transaction.user!.login, factor!, signed);
  const text = "We were unable to verify with Duo. Try again.";
  const key = "oie.authenticator.duo.method.duo.verification_failed";
  return await verdict(answer, right, problem(key, text));
}

const JUDGES: Record<string, Judge> = {
  okta_password: password,
  google_otp: totp,
  okta_verify: totp,
  phone_number: sentCode,
  okta_email: sentCode,
  security_question: question,
  webauthn: securityKey,
  duo,
};

/** `challenge-authenticator`. */
export async function answerChallenge(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { key, method } = transaction.current!;
  const authenticator = authenticatorsOf(transaction.user!).find((one) => one.key === key)!;
  const [first] = authenticator.methods.values();
  const factor = authenticator.methods.get(method ?? "") ?? first;
  const credentials = context.request.json!.credentials as Record<string, unknown>;
  return await (JUDGES[key] ?? answerTypedCode)({ context, transaction, factor, credentials });
}
