/**
 * The fields of `credentials`, by authenticator.
 *
 * @module
 */

import type { SimAuthenticator } from "./authenticators.ts";
import type { IonField } from "./ion.ts";

/** Makes the fields of one kind. */
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

/** By the authenticator's key. */
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

/** For a password that is set anew. */
export const newPassword: CredentialsOf = passcode("New password", { secret: true });

/** For a password that an admin has reset. */
export const resetPassword: CredentialsOf = (): IonField[] => [
  { name: "passcode", label: "New password", secret: true },
  { name: "revokeSessions", type: "boolean", label: "Sign me out of all other devices" },
];
