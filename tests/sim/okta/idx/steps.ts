/**
 * Where a sign-in stands, and what can be done there.
 *
 * @module
 */

import { type OktaContext } from "../context.ts";
import { authenticatorOf, authenticatorsOf, passwordAuthenticator } from "./authenticators.ts";
import { newPassword } from "./credentials.ts";
import {
  answeredNow,
  enrolledNow,
  listed,
  type Members,
  passwordNow,
  recoverForm,
} from "./current.ts";
import { form, ion, type IonField, type IonForm } from "./ion.ts";
import { helpful, isEnough } from "./policy.ts";
import { credentialsForm, dataForm, pollForm, selectForm } from "./remediations.ts";
import type { IdxTransaction } from "./transaction.ts";
import { newTotpFactor } from "../enroll.ts";

/** What can be done, and what else the answer tells. */
export interface Step {
  /** The remediations; one of them may be a link. */
  remediations: (IonForm | Members)[];
  /** More members of the answer. */
  members?: Members;
}

type MakeStep = (context: OktaContext, transaction: IdxTransaction) => Step | Promise<Step>;

/** Okta Verify on this computer is looked for first. */
function probe(context: OktaContext, transaction: IdxTransaction): Step {
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

function identify(context: OktaContext, transaction: IdxTransaction): Step {
  const { idx } = context.world;
  const combined = idx.identify === "combined";
  const value: IonField[] = [{ name: "passcode", label: "Password", secret: true }];
  const fields: IonField[] = [
    { name: "identifier", label: "Username", ...(combined ? {} : { required: true }) },
    ...(combined ? [{ name: "credentials", type: "object", form: { value }, required: true }] : []),
    { name: "rememberMe", type: "boolean", label: "Remember this device" },
  ];
  const password = passwordAuthenticator();
  const current = {
    recover: recoverForm(context, transaction),
    ...listed(password, password.id),
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
      form(context, transaction, "select-enroll-profile", "/idp/idx/enroll"),
    ],
    members: combined ? { currentAuthenticator: ion(current) } : {},
  };
}

function menu(context: OktaContext, transaction: IdxTransaction): IonForm {
  const all = authenticatorsOf(transaction.user!);
  return selectForm(context, transaction, helpful(transaction), all);
}

/** An authenticator has been chosen, by the person or for want of another. */
async function answer(context: OktaContext, transaction: IdxTransaction): Promise<Step> {
  const { current, user } = transaction;
  const authenticator = authenticatorsOf(user!).find(({ key }) => key === current!.key)!;
  return {
    remediations: [answerForm(context, transaction, authenticator), menu(context, transaction)],
    members: await answeredNow(context, transaction),
  };
}

function answerForm(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: ReturnType<typeof authenticatorsOf>[number],
): IonForm | Members {
  const { method, phase } = transaction.current!;
  if (phase === "data") return dataForm(context, transaction, authenticator);
  if (phase === "rejected") {
    const value = { methodType: "push", id: authenticator.id };
    const field = { name: "authenticator", required: true, value, mutable: false };
    const about = { relatesTo: ["$.currentAuthenticator"] };
    return form(context, transaction, "resend", "/idp/idx/challenge", [field], about);
  }
  if (method === "push" || method === "signed_nonce") return pollForm(context, transaction);
  if (method === "idp") return idpLink(context, transaction, authenticator.displayName);
  return credentialsForm(context, transaction, "challenge-authenticator", authenticator);
}

function idpLink({ origin }: OktaContext, { stateToken }: IdxTransaction, name: string): Members {
  const id = "0oa69chx4bZyx8O7l0g4";
  return {
    name: "redirect-idp",
    type: "OIDC",
    idp: { id, name },
    href: `${origin}/sso/idps/${id}?stateToken=${encodeURIComponent(stateToken)}`,
    method: "GET",
    relatesTo: ["$.currentAuthenticatorEnrollment"],
  };
}

/** A password that has expired, or soon will. */
function renewPassword(context: OktaContext, transaction: IdxTransaction): Step {
  const expired = transaction.user!.passwordState === "expired";
  const name = !expired ? "reenroll-authenticator-warning" : context.world.idx.expiredAs;
  const password = { ...passwordAuthenticator(), byEnrollment: false };
  return {
    remediations: [
      credentialsForm(context, transaction, name, password, newPassword),
      ...(expired ? [] : [form(context, transaction, "skip", "/idp/idx/skip")]),
    ],
    members: passwordNow(context, transaction),
  };
}

function enrollMenu(context: OktaContext, transaction: IdxTransaction): Step {
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
      authenticators: ion([listed(google, google.id)]),
    },
  };
}

function graceForm(context: OktaContext, transaction: IdxTransaction): Step {
  return {
    remediations: [
      form(context, transaction, "device-assurance-grace-period", "/idp/idx/skip"),
    ],
  };
}

function keepForm(context: OktaContext, transaction: IdxTransaction): Step {
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

/** A remediation that nobody has heard of. */
function strange(context: OktaContext, transaction: IdxTransaction): Step {
  const name = transaction.user!.endsIn!;
  return { remediations: [form(context, transaction, name, "/idp/idx/something-else")] };
}

function success({ world, origin }: OktaContext, transaction: IdxTransaction): Step {
  transaction.succeeded = true;
  const token = encodeURIComponent(transaction.stateToken);
  const href = `${origin}/login/token/redirect?stateToken=${token}`;
  const link = { name: "success-redirect", href };
  return world.idx.success === "remediation"
    ? { remediations: [{ ...link, method: "GET" }] }
    : { remediations: [], members: { success: link } };
}

function mustEnroll({ user, done }: IdxTransaction): boolean {
  const { mfa, factors } = user!;
  const must = mfa.startsWith("enroll") || mfa === "required" && factors.length === 0;
  return must && !done.has("enroll");
}

/** @returns What comes next; the first that holds. */
function next({ world }: OktaContext, transaction: IdxTransaction): MakeStep {
  const { user, done, app, amr, current } = transaction;
  if (world.idx.probing && !done.has("probe")) return probe;
  if (!user) return identify;
  if (current) return answer;
  if (!isEnough(app, user, amr)) return (...all) => ({ remediations: [menu(...all)] });
  const { passwordState } = user;
  if (passwordState === "expired" && !done.has("password")) return renewPassword;
  if (typeof passwordState === "object" && !done.has("warn")) return renewPassword;
  if (mustEnroll(transaction)) return enrollMenu;
  if (app.policy?.gracePeriod && !done.has("grace")) return graceForm;
  if (world.idx.keepMeSignedIn && !done.has("kmsi")) return keepForm;
  return user.endsIn === undefined ? success : strange;
}

/** @returns What can be done where the sign-in stands. */
export async function stepOf(context: OktaContext, transaction: IdxTransaction): Promise<Step> {
  return await next(context, transaction)(context, transaction);
}
