/** A forgotten password (`recover`), and a locked account (`unlock-account`). */

import type { SimFactor } from "../../world.ts";
import { findUser } from "../classic/authn.ts";
import type { OktaContext } from "../context.ts";
import { authenticatorOf, authenticatorsOf } from "./authenticators.ts";
import { showIdx } from "./body.ts";
import { challenge } from "./challenge.ts";
import { listed } from "./current.ts";
import { form, ion, type IonField, type IonMessage, problem, type Step } from "./ion.ts";
import { selectForm } from "./remediations.ts";
import { type IdxTransaction, leaveAuthenticator } from "./transaction.ts";

/** As recorded. */
const UNLOCKED: IonMessage = {
  message: "Account successfully unlocked! Verify your account with a security method to continue.",
  i18n: { key: "oie.selfservice.unlock_user.landing.to.app.success.message", params: [] },
  class: "INFO",
};

async function start(
  context: OktaContext,
  transaction: IdxTransaction,
  what: "password" | "lock",
): Promise<Response> {
  transaction.recovering = what;
  transaction.step += 1;
  leaveAuthenticator(transaction);
  return await showIdx(context, transaction);
}

/** `recover`. */
export function recover(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  return start(context, transaction, "password");
}

/** `unlock-account`. */
export function unlock(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  return start(context, transaction, "lock");
}

async function unknownUser(context: OktaContext, transaction: IdxTransaction): Promise<Response> {
  const { identifier } = context.request.json!;
  const text = `There is no account with the Username ${identifier}.`;
  transaction.messages = [problem("idx.unknown.user", text)];
  return await showIdx(context, transaction, 401);
}

/** `identify-recovery`. */
export async function identifyRecovery(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const user = findUser(context, context.request.json!.identifier);
  if (!user) return await unknownUser(context, transaction);
  transaction.user = user;
  transaction.step += 1;
  return await showIdx(context, transaction);
}

/** `select-authenticator-unlock-account`. */
export async function chooseUnlock(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { identifier, authenticator } = context.request.json!;
  const user = findUser(context, identifier);
  const { id, methodType } = authenticator as Record<string, string>;
  const chosen = user && authenticatorsOf(user).find((one) => one.id === id);
  if (!chosen) return await unknownUser(context, transaction);
  transaction.user = user;
  return await challenge(context, transaction, chosen, methodType ?? "email");
}

/** Whether an answer was the first of a recovery, which goes on by itself. */
export function isRecovered(transaction: IdxTransaction): boolean {
  const { recovering, done, user } = transaction;
  if (recovering === undefined || done.has("recovery")) return false;
  done.add("recovery");
  transaction.step += 1;
  leaveAuthenticator(transaction);
  if (recovering === "lock") {
    Object.assign(user!, { lockedOut: false, failedPasswords: 0 });
    transaction.messages = [UNLOCKED];
  }
  return true;
}

const IDENTIFIER: IonField = { name: "identifier", label: "Username", required: true };

/** Only by e-mail: which authenticators a user has is not told before one has answered. */
function unlockStep(context: OktaContext, transaction: IdxTransaction): Step {
  const email = authenticatorOf({ id: "", factorType: "email", provider: "OKTA" } as SimFactor)!;
  const value = [
    { name: "id", required: true, value: email.id, mutable: false },
    { name: "methodType", required: false, value: "email", mutable: false },
  ];
  const relatesTo = "$.authenticatorEnrollments.value[0]";
  const options = [{ label: email.displayName, value: { form: { value } }, relatesTo }];
  const fields: IonField[] = [IDENTIFIER, { name: "authenticator", type: "object", options }];
  const name = "select-authenticator-unlock-account";
  return {
    remediations: [form(context, transaction, name, "/idp/idx/challenge", fields)],
    members: { authenticatorEnrollments: ion([listed(email)]) },
  };
}

/** Asks for the user name, then for an authenticator other than the password. */
export function recoveryStep(context: OktaContext, transaction: IdxTransaction): Step {
  if (transaction.recovering === "lock") return unlockStep(context, transaction);
  if (!transaction.user) {
    const fields = [{ ...IDENTIFIER }];
    const identify = form(context, transaction, "identify-recovery", "/idp/idx/identify", fields);
    return { remediations: [identify] };
  }
  const all = authenticatorsOf(transaction.user);
  const others = all.filter(({ key }) => key !== "okta_password");
  return { remediations: [selectForm(context, transaction, others, all)] };
}
