/** `/idp/idx/identify`: the user name, with the password if the form has one. */

import type { SimUser } from "../../world.ts";
import { findUser } from "../classic/authn.ts";
import type { OktaContext } from "../context.ts";
import { showIdx } from "./body.ts";
import { type IonMessage, problem } from "./ion.ts";
import type { IdxTransaction } from "./transaction.ts";
import { moveOn } from "./verdict.ts";

/** The problem with the password, or `undefined`; counts wrong ones. */
export function passwordProblem(
  { world }: OktaContext,
  user: SimUser | undefined,
  password: unknown,
  wrong: IonMessage,
): IonMessage | undefined {
  const { showLockout, maxFailedPasswords } = world.policy;
  const locked = showLockout
    ? problem("errors.E0000119", "Your account is locked. Please contact your administrator.")
    : wrong;
  if (!user) return wrong;
  if (user.lockedOut) return locked;
  if (user.password === password) {
    user.failedPasswords = 0;
    return undefined;
  }
  user.failedPasswords += 1;
  if (user.failedPasswords < maxFailedPasswords) return wrong;
  user.lockedOut = true;
  return locked;
}

async function showProblem(
  context: OktaContext,
  transaction: IdxTransaction,
  message: IonMessage,
  status: number,
): Promise<Response> {
  transaction.messages = [message];
  return await showIdx(context, transaction, status);
}

/** `identify`. */
export async function identify(
  context: OktaContext,
  transaction: IdxTransaction,
): Promise<Response> {
  const { world, request } = context;
  const { identifier, credentials } = request.json!;
  const user = findUser(context, identifier);
  const { passcode } = (credentials ?? {}) as { passcode?: unknown };
  if (world.idx.identify === "combined") {
    const wrong = problem("errors.E0000004", "Authentication failed");
    const found = passwordProblem(context, user, passcode, wrong);
    if (found) return await showProblem(context, transaction, found, 401);
    transaction.amr.add("pwd");
    transaction.proven.add("okta_password");
  } else if (!user) {
    const text = `There is no account with the Username ${identifier}.`;
    return await showProblem(context, transaction, problem("idx.unknown.user", text), 401);
  }
  if (!transaction.app.assigned.includes(user!.login)) {
    const text = "User is not assigned to this application.";
    transaction.amr.clear();
    const key = "idx.error.user.not.assigned.to.app";
    return await showProblem(context, transaction, problem(key, text), 400);
  }
  transaction.user = user;
  return await moveOn(context, transaction);
}
