/** The current step of a sign-in, and its remediations. */

import type { OktaContext } from "../context.ts";
import { authenticatorsOf } from "./authenticators.ts";
import { enrollMenu, graceForm, keepForm, renewPassword, success, unknownStep } from "./closing.ts";
import { answeredNow } from "./current.ts";
import { form, type IonForm, type Members, type Step } from "./ion.ts";
import { identify, probe } from "./opening.ts";
import { helpful, isEnough } from "./policy.ts";
import { recoveryStep } from "./recovery.ts";
import { credentialsForm, dataForm, pollForm, selectForm } from "./remediations.ts";
import type { IdxTransaction } from "./transaction.ts";

type MakeStep = (context: OktaContext, transaction: IdxTransaction) => Step | Promise<Step>;

function mustEnroll({ user, done }: IdxTransaction): boolean {
  const { mfa, factors } = user!;
  const must = mfa.startsWith("enroll") || mfa === "required" && factors.length === 0;
  return must && !done.has("enroll");
}

/** The first condition that holds decides. */
function next({ world }: OktaContext, transaction: IdxTransaction): MakeStep {
  const { user, done, app, amr, current, recovering } = transaction;
  if (world.idx.probing && !done.has("probe")) return probe;
  if (current) return answer;
  if (recovering && !done.has("recovery")) return recoveryStep;
  if (!user) return identify;
  if (recovering === "password" && !done.has("password")) return renewPassword;
  if (!isEnough(app, user, amr)) return (...all) => ({ remediations: [menu(...all)] });
  const { passwordState } = user;
  if (passwordState === "expired" && !done.has("password")) return renewPassword;
  if (typeof passwordState === "object" && !done.has("warn")) return renewPassword;
  if (mustEnroll(transaction)) return enrollMenu;
  if (app.policy?.gracePeriod && !done.has("grace")) return graceForm;
  if (world.idx.keepMeSignedIn && !done.has("kmsi")) return keepForm;
  return user.endsIn === undefined ? success : unknownStep;
}

export async function stepOf(context: OktaContext, transaction: IdxTransaction): Promise<Step> {
  return await next(context, transaction)(context, transaction);
}

export function menu(context: OktaContext, transaction: IdxTransaction): IonForm {
  const all = authenticatorsOf(transaction.user!);
  const choices = context.world.idx.menu === "all" ? all : helpful(transaction);
  return selectForm(context, transaction, choices, all);
}

/** An authenticator was chosen, by the user or because it is the only one. */
export async function answer(context: OktaContext, transaction: IdxTransaction): Promise<Step> {
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
    const fixed = { required: true, mutable: false };
    const value = [
      { name: "id", value: authenticator.id, ...fixed },
      { name: "methodType", value: "push", label: "PUSH", ...fixed },
    ];
    const label = authenticator.displayName;
    const field = { name: "authenticator", type: "object", label, value: { form: { value } } };
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
