/**
 * ION, the format of Identity Engine's answers: forms, their hidden stateHandle, messages, errors.
 *
 * @module
 */

import { oktaTime } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { OktaContext } from "../context.ts";
import type { IdxTransaction } from "./transaction.ts";

/** What Identity Engine's answers are, and what `introspect` takes. */
export const ION_TYPE = "application/ion+json; okta-version=1.0.0";

/** What forms take. */
export const FORM_TYPE = "application/json; okta-version=1.0.0";

/** A message to the person. */
export interface IonMessage {
  /** What is shown. */
  message: string;
  /** The key by which a client knows it. */
  i18n: { key: string; params?: unknown[] };
  /** How bad it is. */
  class: "ERROR" | "INFO" | "WARNING";
  /** Where the mend is described. */
  links?: { url: string }[];
}

/** One way to fill in a field. */
export interface IonOption {
  /** What is shown. */
  label: string;
  /** The text itself, or the form below it. */
  value: string | { form: { value: IonField[] } };
  /** JSON path of what it stands for. */
  relatesTo?: string;
}

/** A field of a form. */
export interface IonField {
  /** The member of the body. */
  name: string;
  /** What is shown. */
  label?: string;
  /** `object`, `boolean`, `string`. */
  type?: string;
  /** Whether it must be there; Okta writes `"false"` as text in one place. */
  required?: boolean | string;
  /** What it holds, or a form below it. */
  value?: unknown;
  /** Whether a person sees it. */
  visible?: boolean;
  /** Whether another value may be sent. */
  mutable?: boolean;
  /** Whether it must not be shown while it is typed. */
  secret?: boolean;
  /** What may be chosen. */
  options?: IonOption[];
  /** The fields below it. */
  form?: { value: IonField[] };
  /** What is wrong with it. */
  messages?: { type: "array"; value: IonMessage[] };
  /** For `captchaVerify`: what the value is. */
  hint?: string;
}

/** A form: one thing that can be done next. */
export interface IonForm {
  /** `create-form`. */
  rel: ["create-form"];
  /** Its name: `identify`, `challenge-authenticator`, … */
  name: string;
  /** JSON paths of what it is about. */
  relatesTo?: string[] | string;
  /** Where it goes. */
  href: string;
  /** Always POST. */
  method: "POST";
  /** What is answered. */
  produces: string;
  /** Milliseconds between two polls. */
  refresh?: number;
  /** Its fields. */
  value: IonField[];
  /** What it takes. */
  accepts: string;
}

/** A stateHandle, and the forms that it is for. */
export interface IonHandle {
  /** The transaction. */
  transaction: IdxTransaction;
  /** The transaction's step that the forms belong to. */
  step: number;
  /** The forms; none for the one at the top. */
  forms: IonForm[];
}

/** @returns A new stateHandle of the transaction: its stateToken and a part that changes. */
export function mintHandle({ state }: OktaContext, transaction: IdxTransaction): string {
  const handle = `${transaction.stateToken}~c.${oktaToken("").slice(0, 12)}`;
  state.idx.handles.set(handle, { transaction, step: transaction.step, forms: [] });
  return handle;
}

/** What a form has besides its fields. */
export type FormExtras = Partial<Pick<IonForm, "relatesTo" | "refresh">>;

/**
 * @param path Below the org's origin.
 * @param fields All but the stateHandle.
 * @returns The form, with a stateHandle of its own where the org has them.
 */
export function form(
  context: OktaContext,
  transaction: IdxTransaction,
  name: string,
  path: string,
  fields: IonField[] = [],
  extras: FormExtras = {},
): IonForm {
  const { state, world, origin } = context;
  const handle = world.idx.handles === "one"
    ? transaction.handle!
    : mintHandle(context, transaction);
  const hidden = { name: "stateHandle", required: true, value: handle };
  const made: IonForm = {
    rel: ["create-form"],
    name,
    ...extras,
    href: `${origin}${path}`,
    method: "POST",
    produces: ION_TYPE,
    value: [...fields, { ...hidden, visible: false, mutable: false }],
    accepts: FORM_TYPE,
  };
  state.idx.handles.get(handle)!.forms.push(made);
  return made;
}

/** @returns A list or a thing as ION wraps it. */
export function ion<T>(value: T): { type: "array" | "object"; value: T } {
  return { type: Array.isArray(value) ? "array" : "object", value };
}

/** @returns An error message. */
export function problem(key: string, message: string, params?: unknown[]): IonMessage {
  return { message, i18n: params ? { key, params } : { key }, class: "ERROR" };
}

/** @returns An answer in ION. */
export function ionResponse(body: Record<string, unknown>, status = 200): Response {
  return Response.json(body, { status, headers: { "content-type": ION_TYPE } });
}

/**
 * @param transaction Left out where the answer names none.
 * @returns An answer after which nothing can be done but to start over (or to wait, at 429).
 */
export function ionError(
  context: OktaContext,
  status: number,
  messages: IonMessage[],
  transaction?: IdxTransaction,
): Response {
  const about = transaction && {
    stateHandle: mintHandle(context, transaction),
    expiresAt: oktaTime(transaction.expiresAt),
    intent: "LOGIN",
  };
  return ionResponse({ version: "1.0.0", ...about, messages: ion(messages) }, status);
}

/** Members of an answer. */
export type Members = Record<string, unknown>;

/** What can be done, and what else the answer tells. */
export interface Step {
  /** The remediations; one of them may be a link. */
  remediations: (IonForm | Members)[];
  /** More members of the answer. */
  members?: Members;
}
