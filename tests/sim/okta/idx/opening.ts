/** The first steps: probing for Okta Verify, and the user name. */

import type { OktaContext } from "../context.ts";
import { passwordAuthenticator } from "./authenticators.ts";
import { listed, recoverForm } from "./current.ts";
import { form, ion, type IonField, type Step } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";

/** Probes for Okta Verify on this computer. */
export function probe(context: OktaContext, transaction: IdxTransaction): Step {
  const challenge = {
    challengeMethod: "LOOPBACK",
    challengeRequest: "eyJraWQiOiI1",
    domain: "http://localhost",
    ports: ["2000", "6511", "6512", "6513"],
    cancel: form(context, transaction, "cancel-polling", "/idp/idx/authenticators/poll/cancel"),
  };
  const poll = form(
    context,
    transaction,
    "device-challenge-poll",
    "/idp/idx/authenticators/poll",
    [],
    { relatesTo: "authenticatorChallenge", refresh: 2000 },
  );
  return { remediations: [poll], members: { authenticatorChallenge: ion(challenge) } };
}

/** As recorded. */
const CAPTCHA: IonField = {
  name: "captchaVerify",
  form: {
    value: [
      {
        name: "captchaId",
        required: true,
        value: "capzomKHvPhLF7lrR0g3",
        visible: false,
        mutable: false,
      },
      { name: "captchaToken", required: true, visible: false, hint: "captcha" },
    ],
  },
};

export function identify(context: OktaContext, transaction: IdxTransaction): Step {
  const { idx } = context.world;
  const combined = idx.identify === "combined";
  const value: IonField[] = [{ name: "passcode", label: "Password", secret: true }];
  const fields: IonField[] = [
    { name: "identifier", label: "Username", ...(combined ? {} : { required: true }) },
    ...(combined ? [{ name: "credentials", type: "object", form: { value }, required: true }] : []),
    { name: "rememberMe", type: "boolean", label: "Remember this device" },
    ...(idx.captcha ? [CAPTCHA] : []),
  ];
  const password = passwordAuthenticator();
  const current = {
    recover: recoverForm(context, transaction),
    ...listed(password),
  };
  return {
    remediations: [
      form(context, transaction, "identify", "/idp/idx/identify", fields),
      ...(idx.probing
        ? [form(
          context,
          transaction,
          "launch-authenticator",
          "/idp/idx/authenticators/okta-verify/launch",
          [],
          { relatesTo: ["authenticatorChallenge"] },
        )]
        : []),
      ...(idx.unlock
        ? [form(context, transaction, "unlock-account", "/idp/idx/unlock-account")]
        : []),
      form(context, transaction, "select-enroll-profile", "/idp/idx/enroll"),
    ],
    members: combined ? { currentAuthenticator: ion(current) } : {},
  };
}
