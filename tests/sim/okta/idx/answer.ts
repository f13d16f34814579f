/** `/idp/idx/challenge/answer`: codes, passwords, answers and signatures. */

import { oktaNow } from "../../clock.ts";
import type { SimFactor } from "../../world.ts";
import { checkDuoAnswer } from "../classic/duo_factor.ts";
import { checkWebAuthn } from "../classic/key_factor.ts";
import { takeSentCode } from "../classic/sent_codes.ts";
import { judgeTotpCode } from "../classic/totp_factor.ts";
import { QUESTIONS, takeCode } from "../classic/typed_codes.ts";
import type { OktaContext } from "../context.ts";
import { authenticatorsOf } from "./authenticators.ts";
import { showIdx } from "./body.ts";
import { passwordProblem } from "./identify.ts";
import { problem } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";
import { accept, refuse, WRONG_CODE } from "./verdict.ts";

export interface Answer {
  context: OktaContext;
  transaction: IdxTransaction;
  /** `undefined` for the password. */
  factor: SimFactor | undefined;
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
  // Wrong passwords and wrong codes are counted separately.
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

/** Asks the RSA server's next question; the sign-in stays at this step. */
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

/** A code that a device shows or types, or a PIN if the RSA server asked for one. */
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
