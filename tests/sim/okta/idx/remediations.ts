/**
 * The remediations: which forms stand for what can be done next.
 *
 * @module
 */

import type { OktaContext } from "../context.ts";
import type { SimAuthenticator } from "./authenticators.ts";
import { CREDENTIALS, type CredentialsOf } from "./credentials.ts";
import { form, type IonField, type IonForm, type IonOption } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";

/** What a method is called where it can be chosen. */
const METHOD_LABELS: Record<string, string> = {
  signed_nonce: "Use Okta FastPass",
  push: "Get a push notification",
  totp: "Enter a code",
  sms: "SMS",
  voice: "Voice call",
  email: "Email",
};

/** Methods that are options even where there is no other. */
const CHOSEN = new Set(["signed_nonce", "push", "totp", "sms", "voice"]);

function methodOptions({ methods }: SimAuthenticator): IonOption[] {
  return [...methods.keys()].map((value) => ({ label: METHOD_LABELS[value]!, value }));
}

function methodField(authenticator: SimAuthenticator): IonField {
  const [only, ...others] = authenticator.methods.keys();
  return others.length === 0 && !CHOSEN.has(only!)
    ? { name: "methodType", required: false, value: only, mutable: false }
    : {
      name: "methodType",
      type: "string",
      required: false,
      options: methodOptions(authenticator),
    };
}

/** Kinds of which a person may have several: they are told apart by enrollmentId. */
const MANY = new Set(["phone_number", "rsa_token", "onprem_mfa"]);

function optionFields(authenticator: SimAuthenticator): IonField[] {
  const fixed = { required: true, mutable: false };
  const bare = ["rsa_token", "onprem_mfa", "google_otp", "symantec_vip"].includes(
    authenticator.key,
  );
  return [
    { name: "id", value: authenticator.id, ...fixed },
    ...(bare ? [] : [methodField(authenticator)]),
    ...(MANY.has(authenticator.key)
      ? [{ name: "enrollmentId", value: authenticator.enrollmentId, ...fixed }]
      : []),
  ];
}

/** `select-authenticator-authenticate`: the menu. */
export function selectForm(
  context: OktaContext,
  transaction: IdxTransaction,
  choices: SimAuthenticator[],
  all: SimAuthenticator[],
): IonForm {
  const options = choices.map((one): IonOption => ({
    label: one.displayName,
    value: { form: { value: optionFields(one) } },
    relatesTo: `$.authenticatorEnrollments.value[${all.findIndex(({ id }) => id === one.id)}]`,
  }));
  const fields: IonField[] = [{ name: "authenticator", type: "object", options }];
  const name = "select-authenticator-authenticate";
  return form(context, transaction, name, "/idp/idx/challenge", fields);
}

/** What the answer's `currentAuthenticator…` is called. */
export function currentMember({ byEnrollment }: SimAuthenticator): string {
  return byEnrollment ? "currentAuthenticatorEnrollment" : "currentAuthenticator";
}

/** `authenticator-verification-data`: it is asked whether (and how) to send. */
export function dataForm(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: SimAuthenticator,
): IonForm {
  const pushes = authenticator.methods.has("push");
  const automatic: IonField = {
    name: "autoChallenge",
    type: "boolean",
    required: "false",
    value: false,
    label: "Send push automatically",
    visible: true,
    mutable: true,
  };
  const inner = [
    { name: "id", required: true, value: authenticator.id, mutable: false },
    { name: "methodType", required: true, options: methodOptions(authenticator) },
    ...(MANY.has(authenticator.key)
      ? [{ name: "enrollmentId", required: true, value: authenticator.enrollmentId }]
      : []),
    ...(pushes ? [automatic] : []),
  ];
  const field = {
    name: "authenticator",
    ...(pushes ? {} : { type: "object" }),
    label: authenticator.displayName,
    form: { value: inner },
  };
  const about = { relatesTo: [`$.${currentMember(authenticator)}`] };
  const name = "authenticator-verification-data";
  return form(context, transaction, name, "/idp/idx/challenge", [field], about);
}

/** A form with `credentials`: an answer, a new password, the first code of an enrolment. */
export function credentialsForm(
  context: OktaContext,
  transaction: IdxTransaction,
  name: string,
  authenticator: SimAuthenticator,
  credentials: CredentialsOf = CREDENTIALS[authenticator.key] ?? CREDENTIALS.otp!,
): IonForm {
  const value = credentials(authenticator, transaction.current?.method);
  const { fieldMessages } = transaction;
  const answered = value.find(({ mutable }) => mutable !== false);
  if (fieldMessages.length > 0 && answered) {
    answered.messages = { type: "array", value: fieldMessages };
  }
  const field = { name: "credentials", type: "object", form: { value }, required: true };
  const about = { relatesTo: [`$.${currentMember(authenticator)}`] };
  return form(context, transaction, name, "/idp/idx/challenge/answer", [field], about);
}

/** `challenge-poll` while a push is out. */
export function pollForm(context: OktaContext, transaction: IdxTransaction): IonForm {
  const { idx } = context.world;
  const automatic: IonField = {
    name: "autoChallenge",
    type: "boolean",
    required: "false",
    value: true,
    label: "Send push automatically",
  };
  const fields = idx.autoChallenge && transaction.current?.method === "push" ? [automatic] : [];
  return form(context, transaction, "challenge-poll", "/idp/idx/authenticators/poll", fields, {
    relatesTo: ["$.currentAuthenticator"],
    refresh: idx.refreshMs,
  });
}
