import { SignInError } from "../../errors.ts";
import { Secret } from "../../secret.ts";
import type { FactorAnswer, FactorDemand } from "../factors/authenticator.ts";
import { answerField, type IdxAnswers } from "./idx_body.ts";
import type { IdxChoice } from "./idx_choices.ts";
import { membersOf, textOf } from "./idx_json.ts";
import type { IdxForm, IdxTransaction } from "./idx_transaction.ts";

/**
 * What is wanted.
 *
 * @returns The demand; a code where nothing else is said.
 */
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
 * An answer as a form takes it.
 *
 * @throws {SignInError} `idx_field` where the form has no place for it.
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
  return new SignInError("Okta asks for an answer that okta-aws does not have", {
    code: "idx_field",
    hint: "choose another factor, or finish this in the browser",
  });
}
