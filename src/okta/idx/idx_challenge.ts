import { SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type {
  Authenticator,
  AuthenticatorKind,
  FactorChallenge,
  FactorSession,
  StepResult,
} from "../factors/authenticator.ts";
import type { OktaClient } from "../client/client.ts";
import { submitRequest } from "./idx.ts";
import type { IdxAnswers } from "./idx_body.ts";
import { type IdxChoice, idxChoices, isChosen } from "./idx_choices.ts";
import {
  type FactorStep,
  idxCredentials,
  idxFactorResult,
  processIdxFactorResponse,
} from "./idx_factor_response.ts";
import { membersOf, textOf } from "./idx_json.ts";
import { type IdxForm, type IdxTransaction, remediation } from "./idx_transaction.ts";

export interface IdxChallengeOptions {
  client: OktaClient;
  transaction: IdxTransaction;
  /** The origin of the sign-in page, which a security key signs. */
  origin: string;
  /** Called with each response: only the forms of the last one are valid. */
  seen?: (transaction: IdxTransaction) => void;
}

/** Default if Okta sends no interval. */
const POLL_MILLISECONDS = 4_000;

/** Choosing one of these sends no message; the others wait for `start`. */
const QUIET: readonly AuthenticatorKind[] = ["totp", "typed_code", "question", "password"];

export function openIdxChallenge(options: IdxChallengeOptions): FactorChallenge<IdxTransaction> {
  const state: IdxChallengeOptions = { ...options };
  const choices = new Map(idxChoices(options.transaction).map((one) => [one.authenticator, one]));
  return {
    authenticators: [...choices.keys()],
    async choose(authenticator) {
      const choice = choices.get(authenticator)!;
      const session = openSession(state, choice);
      if (!QUIET.includes(authenticator.kind)) return session;
      const result = await session.start();
      if (result.kind === "refused") throw result.error;
      return session;
    },
  };
}

/** The question is with the answer form or with the enrolment. */
function questionOf(transaction: IdxTransaction): string | undefined {
  const { current } = transaction;
  if (current?.key !== "security_question") return undefined;
  const credentials = remediation(transaction, "challenge-authenticator")?.fields
    .find(({ name }) => name === "credentials")?.fields;
  const enrolled = membersOf(current.contextualData.enrolledQuestion);
  const question = textOf(enrolled?.question) ?? current.profile.question ??
    credentials?.find(({ name }) => name === "questionKey")?.label;
  return question === undefined ? undefined : showUntrusted(question);
}

function openSession(
  state: IdxChallengeOptions,
  choice: IdxChoice,
): FactorSession<IdxTransaction> {
  const read = (response: HttpResponse, step: FactorStep): StepResult<IdxTransaction> => {
    const { result, transaction } = processIdxFactorResponse(response, {
      choice,
      org: state.origin,
      step,
    });
    state.transaction = transaction;
    state.seen?.(transaction);
    return result;
  };
  const submit = async (
    form: IdxForm,
    answers: IdxAnswers,
    step: FactorStep,
    password = false,
  ) => {
    const { client, transaction: { stateHandle } } = state;
    const how = { idempotent: step === "poll", password };
    const options = stateHandle === undefined ? how : { ...how, stateHandle };
    return read(await submitRequest(client, form, answers, options), step);
  };
  return {
    get authenticator() {
      return { ...choice.authenticator, question: questionOf(state.transaction) };
    },
    get expiresAt() {
      return state.transaction.expiresAt;
    },
    get canResend() {
      return resendForm(state.transaction, choice) !== undefined;
    },
    get pollMilliseconds() {
      const { current } = state.transaction;
      if (current?.key !== choice.key || current.poll === undefined) return undefined;
      return current.poll.refresh ?? POLL_MILLISECONDS;
    },
    async start() {
      if (isChosen(state.transaction, choice)) {
        const step = { choice, org: state.origin, step: "start" } as const;
        return idxFactorResult(withoutMessages(state.transaction), step);
      }
      let result: StepResult<IdxTransaction> | undefined;
      if (!hasData(state.transaction, choice)) {
        const { form, answers } = selectForm(state.transaction, choice);
        result = await submit(form, answers, "start");
        if (result.kind === "refused") return result;
      }
      if (!hasData(state.transaction, choice)) return result!;
      const data = remediation(state.transaction, "authenticator-verification-data")!;
      return await submit(data, { authenticator: { methodType: choice.method } }, "start");
    },
    async answer(answer) {
      const form = remediation(state.transaction, "challenge-authenticator");
      if (form === undefined) throw cannotAnswer(choice.authenticator);
      const isPassword = answer.kind === "password";
      return await submit(form, idxCredentials(form, answer), "answer", isPassword);
    },
    async poll() {
      const form = remediation(state.transaction, "challenge-poll") ??
        state.transaction.current?.poll;
      if (form === undefined) throw cannotAnswer(choice.authenticator);
      return await submit(form, {}, "poll");
    },
    async resend() {
      const form = resendForm(state.transaction, choice);
      if (form === undefined) throw cannotAnswer(choice.authenticator);
      return await submit(form, {}, "start");
    },
  };
}

/** Messages from before the choice are not about this authenticator. */
function withoutMessages(transaction: IdxTransaction): IdxTransaction {
  return { ...transaction, messages: [] };
}

/** Okta asks for the method, or for confirmation, before it sends a code. */
function hasData(transaction: IdxTransaction, { key }: IdxChoice): boolean {
  return transaction.current?.key === key &&
    remediation(transaction, "authenticator-verification-data") !== undefined;
}

function resendForm(transaction: IdxTransaction, { key }: IdxChoice): IdxForm | undefined {
  if (transaction.current?.key !== key) return undefined;
  return remediation(transaction, "resend") ?? transaction.current.resend;
}

/** An authenticator that Okta chose can be requested again by its own form. */
function selectForm(
  transaction: IdxTransaction,
  choice: IdxChoice,
): { form: IdxForm; answers: IdxAnswers } {
  const select = remediation(transaction, "select-authenticator-authenticate");
  if (select !== undefined && choice.select !== undefined) {
    return { form: select, answers: { authenticator: choice.select } };
  }
  const again = resendForm(transaction, choice);
  if (again !== undefined) return { form: again, answers: {} };
  throw cannotAnswer(choice.authenticator);
}

function cannotAnswer({ name }: Authenticator): SignInError {
  return new SignInError(`Okta does not accept an answer (${name})`, {
    code: "factor_not_supported",
    hint: "choose another factor, or sign in with a browser",
  });
}
