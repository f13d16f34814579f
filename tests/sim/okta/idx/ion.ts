/**
 * ION, the format of Identity Engine's answers: forms with a hidden stateHandle, messages, errors.
 */

import { oktaTime } from "../../clock.ts";
import { oktaToken } from "../../random_text.ts";
import type { OktaContext } from "../context.ts";
import type { IdxTransaction } from "./transaction.ts";

/** The media type of answers, and of `introspect`. */
export const ION_TYPE = "application/ion+json; okta-version=1.0.0";

/** The media type of all other requests. */
export const FORM_TYPE = "application/json; okta-version=1.0.0";

/** A message to the user. */
export interface IonMessage {
  message: string;
  i18n: { key: string; params?: unknown[] };
  class: "ERROR" | "INFO" | "WARNING";
  /** Where the fix is described. */
  links?: { url: string }[];
}

/** One value of a field. */
export interface IonOption {
  label: string;
  /** A text, or a nested form. */
  value: string | { form: { value: IonField[] } };
  /** JSON path of the object that it represents. */
  relatesTo?: string;
}

export interface IonField {
  /** The name of the body's member. */
  name: string;
  label?: string;
  /** `object`, `boolean`, `string`. */
  type?: string;
  /** Okta writes `"false"` as text in one place. */
  required?: boolean | string;
  /** The value, or a nested form. */
  value?: unknown;
  visible?: boolean;
  /** Whether the client may send another value. */
  mutable?: boolean;
  /** Whether input is hidden. */
  secret?: boolean;
  options?: IonOption[];
  /** The nested fields. */
  form?: { value: IonField[] };
  messages?: { type: "array"; value: IonMessage[] };
  /** In `captchaVerify`. */
  hint?: string;
}

/** A form: something that can be done next. */
export interface IonForm {
  /** `create-form`. */
  rel: ["create-form"];
  /** Its name: `identify`, `challenge-authenticator`, … */
  name: string;
  /** JSON paths of the objects that it concerns. */
  relatesTo?: string[] | string;
  href: string;
  /** Always POST. */
  method: "POST";
  produces: string;
  /** Milliseconds between polls. */
  refresh?: number;
  /** Its fields. */
  value: IonField[];
  accepts: string;
}

/** A stateHandle and its forms. */
export interface IonHandle {
  transaction: IdxTransaction;
  /** The transaction's step at that time. */
  step: number;
  /** Empty for the answer's own handle. */
  forms: IonForm[];
}

/** A new stateHandle: the transaction's stateToken and a random part. */
export function mintHandle({ state }: OktaContext, transaction: IdxTransaction): string {
  const handle = `${transaction.stateToken}~c.${oktaToken("").slice(0, 12)}`;
  state.idx.handles.set(handle, { transaction, step: transaction.step, forms: [] });
  return handle;
}

export type FormExtras = Partial<Pick<IonForm, "relatesTo" | "refresh">>;

/** A form with `fields` and a stateHandle: its own, or the answer's if `world.idx.handles` is `one`. */
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

/** Wraps a list or an object. */
export function ion<T>(value: T): { type: "array" | "object"; value: T } {
  return { type: Array.isArray(value) ? "array" : "object", value };
}

export function problem(key: string, message: string, params?: unknown[]): IonMessage {
  return { message, i18n: params ? { key, params } : { key }, class: "ERROR" };
}

export function ionResponse(body: Record<string, unknown>, status = 200): Response {
  return Response.json(body, { status, headers: { "content-type": ION_TYPE } });
}

/** An answer without remediation: the client must start over, or wait at 429. */
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

export type Members = Record<string, unknown>;

/** The remediations of a step, and other members of the answer. */
export interface Step {
  /** One of them may be a link. */
  remediations: (IonForm | Members)[];
  members?: Members;
}
