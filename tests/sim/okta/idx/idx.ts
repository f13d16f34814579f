/** `/idp/idx/*`: Identity Engine's sign-in API. */

import type { OktaContext } from "../context.ts";
import { oktaError } from "../errors.ts";
import { answerChallenge } from "./answer.ts";
import { showIdx } from "./body.ts";
import { choose, resend } from "./challenge.ts";
import { identify } from "./identify.ts";
import {
  FORM_TYPE,
  ION_TYPE,
  ionError,
  type IonField,
  type IonForm,
  type IonHandle,
  type IonOption,
  problem,
} from "./ion.ts";
import { pollEmail, pollPush, stopProbing } from "./poll.ts";
import { chooseUnlock, identifyRecovery, recover, unlock } from "./recovery.ts";
import {
  cancel,
  finishEnrolling,
  keepSignedIn,
  renewPassword,
  skip,
  startEnrolling,
  useGrace,
} from "./settle.ts";
import { type IdxTransaction, isLive } from "./transaction.ts";
import { moveOn } from "./verdict.ts";

type Move = (context: OktaContext, transaction: IdxTransaction) => Promise<Response>;

/** By the form's name. */
const MOVES: Record<string, Move> = {
  identify,
  "select-authenticator-authenticate": choose,
  "authenticator-verification-data": choose,
  "challenge-authenticator": answerChallenge,
  "challenge-poll": pollPush,
  "device-challenge-poll": showIdx,
  "cancel-polling": stopProbing,
  poll: pollEmail,
  resend: (context, transaction) =>
    (context.request.json!.authenticator === undefined ? resend : choose)(context, transaction),
  "select-authenticator-enroll": startEnrolling,
  "enroll-authenticator": finishEnrolling,
  "reenroll-authenticator": renewPassword,
  "reenroll-authenticator-warning": renewPassword,
  "reset-authenticator": renewPassword,
  skip,
  "device-assurance-grace-period": useGrace,
  "keep-me-signed-in": keepSignedIn,
  recover,
  "identify-recovery": identifyRecovery,
  "unlock-account": unlock,
  "select-authenticator-unlock-account": chooseUnlock,
  cancel,
};

/** Checks method, media types and JSON. */
function refuseFormat({ world, request }: OktaContext): Response | undefined {
  if (request.method !== "POST") return oktaError(world, "E0000022");
  const type = request.headers.get("content-type") ?? "";
  const introspects = request.path === "/idp/idx/introspect";
  const wanted = introspects
    ? /^application\/ion\+json; ?okta-version=1\.0\.0$/
    : /^application\/json(; ?okta-version=1\.0\.0)?$/;
  // Okta's Sign-In Widget sends a form's `accepts` as Accept, too.
  const accepted = introspects ? [ION_TYPE] : [ION_TYPE, FORM_TYPE];
  if (!wanted.test(type) || !accepted.includes(request.headers.get("accept") ?? "")) {
    return oktaError(world, "E0000021");
  }
  return request.json === undefined ? oktaError(world, "E0000003") : undefined;
}

function sessionExpired(context: OktaContext): Response {
  return ionError(context, 401, [problem("idx.session.expired", "The session has expired.")]);
}

/**
 * `{stateToken}` of a page, or `{stateHandle}` of an answer, which Okta's Sign-In Widget sends as
 * `stateToken`.
 */
async function introspect(context: OktaContext): Promise<Response> {
  const { state, request } = context;
  const { stateToken, stateHandle } = request.json!;
  const transaction = state.idx.transactions.get(String(stateToken)) ??
    state.idx.handles.get(String(stateHandle ?? stateToken))?.transaction;
  if (!transaction || !isLive(context, transaction)) return sessionExpired(context);
  // With a session, the first missing authenticator is started immediately.
  return transaction.user && transaction.step === 0
    ? await moveOn(context, transaction)
    : await showIdx(context, transaction);
}

function formOf({ request }: OktaContext, { forms }: IonHandle): IonForm | undefined {
  const here = forms.filter(({ href }) => new URL(href).pathname === request.path);
  // Okta's Sign-In Widget says why it stops probing, for which the form has no field.
  const { reason: _reason, statusCode: _status, ...stripped } = request.json!;
  return here.find(({ name, value }) =>
    wrongField(value, name === "cancel-polling" ? stripped : request.json!) === undefined
  );
}

/** `/idp/idx/` and below. */
export async function answerIdx(context: OktaContext): Promise<Response> {
  const { state, request } = context;
  const refusal = refuseFormat(context);
  if (refusal) return refusal;
  if (request.path === "/idp/idx/introspect") return await introspect(context);
  const handle = state.idx.handles.get(String(request.json!.stateHandle));
  if (!handle || !isLive(context, handle.transaction)) return sessionExpired(context);
  const { transaction, step } = handle;
  if (step !== transaction.step) return sessionExpired(context);
  const move = MOVES[formOf(context, handle)?.name ?? ""];
  if (move) return await move(context, transaction);
  return ionError(context, 400, [problem("E0000020", "Bad request.")], transaction);
}

type Body = Record<string, unknown>;

function isObject(value: unknown): value is Body {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function sorted(value: unknown): unknown {
  return isObject(value) ? Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1) : value;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function fits({ value }: IonOption, given: unknown): boolean {
  if (typeof value === "string") return given === value;
  return isObject(given) && wrongField(value.form.value, given) === undefined;
}

/** The nested form of a field, which may be in its value. */
function innerForm({ form, value }: IonField): { value: IonField[] } | undefined {
  if (form) return form;
  return isObject(value) ? value.form as { value: IonField[] } | undefined : undefined;
}

function isWrong(field: IonField, given: unknown): boolean {
  const inner = innerForm(field);
  if (given === undefined) return field.required === true || inner !== undefined;
  if (inner) return !isObject(given) || wrongField(inner.value, given) !== undefined;
  if (field.options) return !field.options.some((option) => fits(option, given));
  if (field.mutable === false && field.value !== undefined) return !isSame(field.value, given);
  return field.type === "boolean" ? typeof given !== "boolean" : false;
}

/** The first field that is missing, unknown or invalid. */
export function wrongField(fields: IonField[], body: Body): string | undefined {
  const stranger = Object.keys(body).find((name) => !fields.some((field) => field.name === name));
  return stranger ?? fields.find((field) => isWrong(field, body[field.name]))?.name;
}
