/** The forms of remediations. */

import type { OktaContext } from "../context.ts";
import type { SimAuthenticator } from "./authenticators.ts";
import { form, type IonField, type IonForm, type IonOption } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";

/** Labels of methods in menus. */
const METHOD_LABELS: Record<string, string> = {
  signed_nonce: "Use Okta FastPass",
  push: "Get a push notification",
  totp: "Enter a code",
  sms: "SMS",
  voice: "Voice call",
  email: "Email",
};

/** Methods listed as options even if there is only one. */
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

/** A user may have several of these; enrollmentId distinguishes them. */
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

/** The menu: `select-authenticator-authenticate`. */
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

export function currentMember({ byEnrollment }: SimAuthenticator): string {
  return byEnrollment ? "currentAuthenticatorEnrollment" : "currentAuthenticator";
}

/** `authenticator-verification-data`: asks whether and how to send. */
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

/** A form with `credentials`: an answer, a new password, the first code of an enrollment. */
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

/** `challenge-poll`, while waiting for a push. */
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

export type CredentialsOf = (authenticator: SimAuthenticator, method?: string) => IonField[];

function passcode(label: string, settings: Partial<IonField> = {}): CredentialsOf {
  return () => [{ name: "passcode", label, ...settings }];
}

const typed = { required: true, visible: true };

function question({ profile }: SimAuthenticator): IonField[] {
  const { questionKey, question } = profile as { questionKey: string; question: string };
  const fixed = { required: true, value: questionKey, visible: false, mutable: false };
  return [
    { name: "questionKey", label: question, ...fixed },
    { name: "answer", label: "Answer", required: true, secret: true },
  ];
}

function hidden(...fields: [string, string][]): CredentialsOf {
  return () => fields.map(([name, label]) => ({ name, label, required: true, visible: false }));
}

/** The fields of `credentials`, by the authenticator's key. */
export const CREDENTIALS: Record<string, CredentialsOf> = {
  otp: passcode("Enter code", typed),
  okta_password: passcode("Password", { secret: true }),
  okta_verify: () => [{ name: "totp", label: "Enter code", ...typed }],
  phone_number: passcode("Enter code"),
  okta_email: passcode("Enter code"),
  rsa_token: passcode("Enter code"),
  onprem_mfa: passcode("Enter code"),
  symantec_vip: passcode("Enter security code", typed),
  yubikey_token: passcode("Insert then tap your YubiKey", { required: true, secret: true }),
  security_question: question,
  duo: hidden(["signatureData", "Assertion From Duo"]),
  webauthn: hidden(
    ["clientData", "Client Data"],
    ["authenticatorData", "Authenticator Data"],
    ["signatureData", "Signature Data"],
  ),
};

export const newPassword: CredentialsOf = passcode("New password", { secret: true });

export const resetPassword: CredentialsOf = (): IonField[] => [
  { name: "passcode", label: "New password", secret: true },
  { name: "revokeSessions", type: "boolean", label: "Sign me out of all other devices" },
];
