import { type OktaAwsError, SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type {
  FactorAnswer,
  FactorDemand,
  RefusalReason,
  StepResult,
} from "../factors/authenticator.ts";
import { processIdxResponse } from "./idx.ts";
import { idxRefusal } from "./idx_refusals.ts";
import type { IdxChoice } from "./idx_choices.ts";
import { rejectedAnswer } from "../factors/factor_errors.ts";
import { pushRejected, pushTimeout } from "../factors/push_errors.ts";
import { errorMessage, type IdxForm, type IdxTransaction, remediation } from "./idx_transaction.ts";
import { Secret } from "../../secret.ts";
import { movesOn } from "./idx_move.ts";
import { answerField, type IdxAnswers } from "./idx_body.ts";
import { membersOf, textOf } from "./idx_json.ts";

export type FactorStep = "start" | "answer" | "poll";

/** The step that a response answers; `org` is the origin of the sign-in page. */
export interface AnsweredStep {
  choice: IdxChoice;
  org: string;
  step: FactorStep;
}

/** By message key; the first match counts. */
const REASONS: readonly [RegExp, RefusalReason][] = [
  [/push_rejected|\.rejected$|user_rejected/, "rejected"],
  [/timeout|timed_out|push_expired/, "timeout"],
  [/used_passcode|E0000082|E0000083/, "used"],
  [/E0000109|E0000118|E0000133|too_soon|recently/, "too_soon"],
  [/E0000113/, "new_pin"],
  [
    /PASSCODE_INVALID|invalid_passcode|incorrectPassword|answer_invalid|E0000004$|E0000068|E0000207/,
    "wrong",
  ],
  [/passcode.*invalid|invalid.*(?:code|otp|answer)|incorrect/i, "wrong"],
];

/** These end the sign-in, even if Okta still shows forms. */
export const ENDING =
  /suspended_factor|locked|user[._]not[._]assigned|session\.expired|access[._]denied/;

/** `ended` for unknown keys. */
export function idxReason(key: string): RefusalReason {
  return REASONS.find(([keys]) => keys.test(key))?.[1] ?? "ended";
}

/**
 * Reads the response to a step.
 *
 * @throws {SignInError} If the transaction is over or the authenticator is suspended.
 */
export function processIdxFactorResponse(
  response: HttpResponse,
  answered: AnsweredStep,
): { result: StepResult<IdxTransaction>; transaction: IdxTransaction } {
  const doing = `verify the answer (${answered.choice.authenticator.name})`;
  const transaction = processIdxResponse(response, doing);
  return { transaction, result: idxFactorResult(transaction, answered, doing) };
}

/**
 * What a transaction means for the authenticator being answered.
 *
 * @throws {SignInError} If the authenticator is suspended.
 */
export function idxFactorResult(
  transaction: IdxTransaction,
  { choice, org, step }: AnsweredStep,
  doing = "continue",
): StepResult<IdxTransaction> {
  const message = errorMessage(transaction);
  if (message !== undefined && !movesOn(transaction)) {
    const refusal = idxRefusal(transaction, doing);
    if (ENDING.test(message.key)) throw refusal;
    const reason = idxReason(message.key);
    const says = showUntrusted(message.text || message.key);
    return { kind: "refused", reason, says, error: errorFor(reason, choice, refusal) };
  }
  const isSame = transaction.current?.key === choice.key;
  if (!isSame || step === "answer") return { kind: "next", transaction };
  const polled = remediation(transaction, "challenge-poll");
  if (polled !== undefined) {
    const { correctAnswer } = transaction.current!.contextualData;
    return {
      kind: "waiting",
      number: correctAnswer === undefined || correctAnswer === null
        ? undefined
        : String(correctAnswer),
      pollMilliseconds: polled.refresh,
    };
  }
  if (remediation(transaction, "challenge-authenticator") === undefined) {
    if (remediation(transaction, "redirect-idp") !== undefined) throw inBrowser(choice);
    return { kind: "next", transaction };
  }
  return { kind: "asks", demand: idxDemand(transaction, choice, org) };
}

/** A rejected push gets the same error as on Classic. */
function errorFor(
  reason: RefusalReason,
  { authenticator }: IdxChoice,
  refusal: OktaAwsError,
): OktaAwsError {
  if (reason === "wrong") return rejectedAnswer(authenticator, refusal);
  if (authenticator.kind !== "push") return refusal;
  if (reason === "rejected") return pushRejected(authenticator);
  return reason === "timeout" ? pushTimeout(authenticator) : refusal;
}

/** Duo's Universal Prompt or an identity provider: pages of another site. */
function inBrowser({ authenticator: { name } }: IdxChoice): SignInError {
  return new SignInError(`Okta redirects to another page (${name}), which needs a browser`, {
    code: "factor_not_supported",
    hint: "choose another factor, or ask your Okta administrator to allow Duo passcodes",
  });
}

/** What the current authenticator asks for, from `contextualData`; a code by default. */
export function idxDemand(
  transaction: IdxTransaction,
  { authenticator: { kind } }: IdxChoice,
  org: string,
): FactorDemand {
  const data = transaction.current?.contextualData ?? {};
  if (kind === "duo") return duoDemand(data, org) ?? { kind: "code" };
  if (kind === "security_key") return keyDemand(transaction, org) ?? { kind: "code" };
  return { kind: "code" };
}

function duoDemand(data: Record<string, unknown>, org: string): FactorDemand | undefined {
  const [host, signed] = [textOf(data.host), textOf(data.signedToken)];
  if (host === undefined || signed === undefined) return undefined;
  return { kind: "duo", host, signature: new Secret(signed), parent: `${org}/signin/verify/duo` };
}

function keyDemand(
  { current, enrollments }: IdxTransaction,
  org: string,
): FactorDemand | undefined {
  const data = membersOf(current?.contextualData.challengeData) ?? {};
  const challenge = textOf(data.challenge);
  if (challenge === undefined) return undefined;
  const enrolled = enrollments.filter(({ key }) => key === "webauthn");
  const credentialIds = [current?.credentialId, ...enrolled.map((one) => one.credentialId)]
    .filter((id) => id !== undefined);
  return {
    kind: "webauthn",
    challenge,
    credentialIds: [...new Set(credentialIds)],
    appId: textOf(membersOf(data.extensions)?.appid),
    rpId: textOf(data.rpId) ?? new URL(org).hostname,
    origin: org,
    userVerification: textOf(data.userVerification),
  };
}

/**
 * The answer as values of the form `challenge-authenticator`.
 *
 * @throws {SignInError} `idx_field` if the form has no field for it.
 */
export function idxCredentials(form: IdxForm, answer: FactorAnswer): IdxAnswers {
  switch (answer.kind) {
    case "webauthn": {
      const { kind: _, ...fields } = answer;
      return { credentials: fields };
    }
    case "duo":
      return { credentials: { signatureData: answer.signedResponse } };
    case "code":
      return { credentials: { [fieldFor(form)]: answer.passCode } };
    case "question":
      return { credentials: { [fieldFor(form)]: answer.answer } };
    case "password":
      return { credentials: { [fieldFor(form)]: answer.password } };
    case "u2f":
      throw noPlace();
  }
}

function fieldFor(form: IdxForm): string {
  const name = answerField(form);
  if (name !== undefined) return name;
  throw noPlace();
}

function noPlace(): SignInError {
  return new SignInError("Okta has no field for this answer", {
    code: "idx_field",
    hint: "choose another factor, or sign in with a browser",
  });
}
