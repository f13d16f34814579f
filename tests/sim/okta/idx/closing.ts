/** The last steps: new password, enrollment, grace period, staying signed in, success. */

import { newTotpFactor } from "../classic/enroll.ts";
import type { OktaContext } from "../context.ts";
import { authenticatorOf, passwordAuthenticator } from "./authenticators.ts";
import { enrolledNow, listed, passwordNow } from "./current.ts";
import { form, ion, type IonField, type IonMessage, type Step } from "./ion.ts";
import { DEVICE_FIXES } from "./policy.ts";
import { credentialsForm, newPassword, resetPassword } from "./remediations.ts";
import type { IdxTransaction } from "./transaction.ts";

const EXPIRING: IonMessage = {
  message: "When your password expires, you will have to change your password before you can " +
    "login to your Acme account.",
  i18n: { key: "idx.password.expiring.message", params: ["Acme"] },
  class: "INFO",
};

export function renewPassword(context: OktaContext, transaction: IdxTransaction): Step {
  const forgotten = transaction.recovering === "password";
  const expired = forgotten || transaction.user!.passwordState === "expired";
  const expiredAs = forgotten ? "reset-authenticator" : context.world.idx.expiredAs;
  const name = expired ? expiredAs : "reenroll-authenticator-warning";
  const fields = name === "reset-authenticator" ? resetPassword : newPassword;
  const password = { ...passwordAuthenticator(), byEnrollment: false };
  return {
    remediations: [
      credentialsForm(context, transaction, name, password, fields),
      ...(expired ? [] : [form(context, transaction, "skip", "/idp/idx/skip")]),
    ],
    members: {
      ...passwordNow(context, transaction),
      ...(expired ? {} : { messages: ion([EXPIRING]) }),
    },
  };
}

/** Offers to enroll Google Authenticator. */
export function enrollMenu(context: OktaContext, transaction: IdxTransaction): Step {
  const google = authenticatorOf(newTotpFactor("GOOGLE", ""))!;
  const value = [{ name: "id", required: true, value: google.id, mutable: false }];
  const options = [{
    label: google.displayName,
    value: { form: { value } },
    relatesTo: "$.authenticators.value[0]",
  }];
  const field: IonField = { name: "authenticator", required: true, type: "object", options };
  const path = "/idp/idx/credential/enroll";
  const optional = transaction.user!.mfa === "enroll_optional" && !transaction.enrolling;
  return {
    remediations: [
      ...(transaction.enrolling
        ? [credentialsForm(context, transaction, "enroll-authenticator", google)]
        : []),
      form(context, transaction, "select-authenticator-enroll", path, [field]),
      ...(optional ? [form(context, transaction, "skip", "/idp/idx/skip")] : []),
    ],
    members: {
      ...(transaction.enrolling ? enrolledNow(transaction) : {}),
      authenticators: ion([listed(google)]),
    },
  };
}

const GRACE: IonMessage = {
  message: "Your device doesn't meet the security requirements. Fix the issue by 09/05/2099, " +
    "12:00 AM UTC to prevent lockout.",
  i18n: {
    key: "idx.device_assurance.grace_period.warning.title.due_by_date",
    params: ["2099-09-05T00:00:00.000Z"],
  },
  class: "WARNING",
};

/** The device violates the policy, but is still in its grace period. */
export function graceForm(context: OktaContext, transaction: IdxTransaction): Step {
  return {
    remediations: [
      form(context, transaction, "device-assurance-grace-period", "/idp/idx/skip"),
    ],
    members: { messages: ion([GRACE, ...DEVICE_FIXES]) },
  };
}

export function keepForm(context: OktaContext, transaction: IdxTransaction): Step {
  const field: IonField = {
    name: "keepMeSignedIn",
    type: "boolean",
    label: "Stay signed in",
    required: true,
    value: false,
    mutable: true,
  };
  const path = "/idp/idx/keep-me-signed-in";
  return { remediations: [form(context, transaction, "keep-me-signed-in", path, [field])] };
}

/** A remediation unknown to clients. */
export function unknownStep(context: OktaContext, transaction: IdxTransaction): Step {
  const name = transaction.user!.endsIn!;
  return { remediations: [form(context, transaction, name, "/idp/idx/something-else")] };
}

export function success({ world, origin }: OktaContext, transaction: IdxTransaction): Step {
  transaction.succeeded = true;
  const token = encodeURIComponent(transaction.stateToken);
  const href = `${origin}/login/token/redirect?stateToken=${token}`;
  const link = { name: "success-redirect", href };
  return world.idx.success === "remediation"
    ? { remediations: [{ ...link, method: "GET" }] }
    : { remediations: [], members: { success: link } };
}
