/** `currentAuthenticator…`: the authenticator being answered, enrolled or reset. */

import { duoSignature } from "../classic/duo_factor.ts";
import type { OktaContext } from "../context.ts";
import {
  authenticatorOf,
  authenticatorsOf,
  passwordAuthenticator,
  type SimAuthenticator,
} from "./authenticators.ts";
import { form, ion, type IonForm, type Members } from "./ion.ts";
import { currentMember } from "./remediations.ts";
import type { IdxTransaction } from "./transaction.ts";

/** An entry of `authenticators`. */
export function listed(one: SimAuthenticator): Members {
  const methods = [...one.methods.keys()].map((type) => ({ type }));
  const { type, key, id, displayName } = one;
  return { type, key, id, displayName, methods };
}

/** An entry of `authenticatorEnrollments`. */
export function enrolled(one: SimAuthenticator): Members {
  const { profile, credentialId, enrollmentId: id } = one;
  return {
    ...(profile ? { profile } : {}),
    ...(credentialId === undefined ? {} : { credentialId }),
    ...listed({ ...one, id }),
  };
}

/** The form to recover a forgotten password. */
export function recoverForm(context: OktaContext, transaction: IdxTransaction): IonForm {
  return form(context, transaction, "recover", "/idp/idx/recover");
}

/** Methods that can be resent; a phone's also before the first code. */
const RESENT = new Set(["push", "sms", "voice", "email"]);

function resendForm(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: SimAuthenticator,
): IonForm {
  const pushes = authenticator.methods.has("push");
  if (!pushes) return form(context, transaction, "resend", "/idp/idx/challenge/resend");
  const value = { methodType: "push", id: authenticator.id };
  const field = { name: "authenticator", required: true, value, visible: false, mutable: false };
  return form(context, transaction, "resend", "/idp/idx/challenge", [field]);
}

function emailPoll(context: OktaContext, transaction: IdxTransaction): IonForm {
  const { refreshMs: refresh } = context.world.idx;
  return form(context, transaction, "poll", "/idp/idx/challenge/poll", [], { refresh });
}

/** The members that depend on the authenticator. */
async function special(
  context: OktaContext,
  transaction: IdxTransaction,
  authenticator: SimAuthenticator,
): Promise<Members> {
  const { method, phase } = transaction.current!;
  const { key, profile } = authenticator;
  if (key === "okta_password") return { recover: recoverForm(context, transaction) };
  if (method === "signed_nonce") return loopback(context, transaction);
  if (phase === "rejected") return {};
  if (key === "webauthn") return { contextualData: keyChallenge(context, transaction) };
  if (key === "duo") return { contextualData: await duoData(context, transaction) };
  if (key === "security_question") return { contextualData: { enrolledQuestion: profile } };
  const { number } = transaction;
  const sends = [...authenticator.methods.keys()].some((one) => RESENT.has(one));
  return {
    ...(number === undefined ? {} : { contextualData: { correctAnswer: String(number) } }),
    ...((method === undefined ? sends : RESENT.has(method))
      ? { resend: resendForm(context, transaction, authenticator) }
      : {}),
    ...(method === "email" && phase === "sent" ? { poll: emailPoll(context, transaction) } : {}),
  };
}

/** `currentAuthenticator` or `currentAuthenticatorEnrollment` of the current challenge. */
export async function answeredNow(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Members> {
  const { current, user } = transaction;
  const authenticator = authenticatorsOf(user!).find(({ key }) => key === current!.key)!;
  const shown = current!.method === undefined
    ? authenticator
    : { ...authenticator, methods: new Map([[current!.method, undefined]]) };
  const value = {
    ...await special(context, transaction, authenticator),
    ...(authenticator.byEnrollment ? enrolled : listed)(shown),
  };
  return { [currentMember(authenticator)]: ion(value) };
}

export function enrolledNow({ enrolling }: IdxTransaction): Members {
  const authenticator = authenticatorOf(enrolling!)!;
  const shown = listed(authenticator);
  const href = "data:image/png;base64,iVBORw0KGgo=";
  const contextualData = {
    qrcode: { method: "embedded", href, type: "image/png" },
    sharedSecret: enrolling!.totp!.secret,
  };
  return {
    currentAuthenticator: ion({ contextualData, ...shown }),
    enrollmentAuthenticator: ion(shown),
  };
}

/** The members for changing a password, with the policy's rules. */
export function passwordNow({ world }: OktaContext, { user }: IdxTransaction): Members {
  const password = passwordAuthenticator();
  const { passwordState } = user!;
  const warning = typeof passwordState === "object"
    ? { daysToExpiry: passwordState.expiresInDays }
    : {};
  const { excludeUsername = false, ...counted } = world.policy.complexity;
  const settings = {
    complexity: { ...counted, excludeUsername, excludeAttributes: [] },
    age: { minAgeMinutes: 0, historyCount: user!.oldPasswords?.length ?? 0 },
    ...warning,
  };
  const value = { ...listed(password), settings };
  return {
    currentAuthenticator: ion(value),
    ...(typeof passwordState === "object" ? {} : { enrollmentAuthenticator: ion(value) }),
  };
}

export function keyChallenge({ world }: OktaContext, transaction: IdxTransaction): Members {
  const { user, keyChallenge: challenge } = transaction;
  const { appId, userVerification = "preferred" } = user!.factors.find(({ factorType }) =>
    factorType === "webauthn"
  )!.key!;
  const extensions = appId === undefined ? {} : { appid: appId };
  const hints = world.idx.keyHints ? { hints: ["security-key"] } : {};
  return { challengeData: { challenge, userVerification, ...hints, extensions } };
}

export async function duoData(context: OktaContext, { user }: IdxTransaction): Promise<Members> {
  const factor = user!.factors.find(({ duo }) => duo)!;
  return {
    integrationType: "IFRAME",
    host: factor.duo!.host,
    signedToken: await duoSignature(context, user!.login, factor),
    script: `${context.origin}/js/sections/duo/Duo-Web-v2.6.js`,
  };
}

/** FastPass: the challenge for Okta Verify on the same computer. */
export function loopback(context: OktaContext, transaction: IdxTransaction): Members {
  const cancel = form(
    context,
    transaction,
    "cancel-polling",
    "/idp/idx/authenticators/poll/cancel",
  );
  const { oktaVerify } = context.world.idx;
  const challenge = {
    challengeMethod: "LOOPBACK",
    challengeRequest: "eyJraWQiOiI1",
    domain: "http://localhost",
    ports: oktaVerify?.ports ?? ["2000", "6511", "6512", "6513"],
    // The widget's default of 100 is too short on a busy machine.
    ...(oktaVerify && { probeTimeoutMillis: 3000 }),
  };
  return { cancel, contextualData: { challenge: ion(challenge) } };
}
