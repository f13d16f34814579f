/**
 * Where a sign-in stands, and what can be done there.
 *
 * @module
 */

import type { OktaContext } from "../context.ts";
import { answer, menu } from "./answering.ts";
import { enrollMenu, graceForm, keepForm, renewPassword, strange, success } from "./closing.ts";
import { identify, probe } from "./opening.ts";
import { isEnough } from "./policy.ts";
import type { Step } from "./step.ts";
import type { IdxTransaction } from "./transaction.ts";

type MakeStep = (context: OktaContext, transaction: IdxTransaction) => Step | Promise<Step>;

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
