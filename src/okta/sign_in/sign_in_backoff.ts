/**
 * What one sign-in owes to others: a background caller that comes back every minute must not send one
 * push after another to a person who is away, and whoever waited for a sign-in that failed does not
 * try it once more.
 *
 * @module
 */

import { InteractionError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { FailedSignIn } from "./account_state.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { Clock } from "../../ports.ts";
import type { AccountStateFile } from "./account_state.ts";
import { isOfOneApp } from "./page_errors.ts";

/** After so many in a row background callers are turned away. */
const MOST_UNANSWERED = 3;

/** For so long; a person who signs in ends it sooner. */
const REST_MILLISECONDS = 5 * 60_000;

/** Whose sign-in it is. */
export interface SparedAccount {
  /** Its name. */
  readonly name: string;
  /** When this run began to ask, milliseconds since the Unix epoch. */
  readonly askedAt: number;
  readonly interaction: Interaction;
  /** What runs leave for one another. */
  readonly state: AccountStateFile;
  /** Has the time. */
  readonly client: { readonly clock: Clock };
}

/** A question, or a push, that nobody answered. */
const UNANSWERED_CODES = ["unanswered", "push_timeout"];

/**
 * Signs in, unless another run has just failed at it, or nobody answers anyway.
 *
 * @param account The account.
 * @param work The sign-in.
 * @param app The app at whose page it happens, by whose policy, where it does.
 * @returns What `work` gives.
 * @throws {InteractionError} `unanswered_before`, or the other run's `unanswered`
 * @throws {SignInError} The other run's.
 */
export async function withSignInBackoff<T>(
  account: SparedAccount,
  work: () => Promise<T>,
  app?: string,
): Promise<T> {
  const { state, askedAt } = account;
  const { failed, unanswered } = await state.read();
  const isOurs = failed?.app === undefined || failed.app === app;
  if (failed !== undefined && isOurs && failed.at > askedAt) throw errorOf(failed);
  if (!account.interaction.foreground && isResting(account, unanswered)) throw resting(account);
  try {
    const done = await work();
    if (failed ?? unanswered) await state.change({ failed: undefined, unanswered: undefined });
    return done;
  } catch (error) {
    await noteFailure(account, error, { before: unanswered?.count ?? 0, app });
    throw error;
  }
}

function isResting(
  { client: { clock } }: SparedAccount,
  unanswered: { count: number; at: number } | undefined,
): boolean {
  return unanswered !== undefined && unanswered.count >= MOST_UNANSWERED &&
    clock.now() - unanswered.at < REST_MILLISECONDS;
}

async function noteFailure(
  { state, client, interaction: { foreground } }: SparedAccount,
  error: unknown,
  { before, app }: { before: number; app: string | undefined },
): Promise<void> {
  const isRefusal = error instanceof SignInError;
  const isUnanswered = (isRefusal || error instanceof InteractionError) &&
    UNANSWERED_CODES.includes(error.code);
  if (!isRefusal && !isUnanswered) return;
  const at = client.clock.now();
  const { code, message, hint } = error as OktaAwsError;
  const failed: FailedSignIn = { at, code, message, unanswered: !isRefusal };
  if (hint !== undefined) failed.hint = hint;
  if (app !== undefined && isOfOneApp(error)) failed.app = app;
  const counts = isUnanswered && !foreground;
  await state.change(counts ? { failed, unanswered: { count: before + 1, at } } : { failed });
}

function errorOf({ unanswered, code, message, hint }: FailedSignIn): OktaAwsError {
  const details = { code, hint };
  return unanswered ? new InteractionError(message, details) : new SignInError(message, details);
}

function resting({ name }: SparedAccount): InteractionError {
  return new InteractionError(
    `nobody answered the last ${MOST_UNANSWERED} prompts of ${name}: no other is sent for now`,
    {
      code: "unanswered_before",
      hint: `sign in: okta-aws signin${name === "default" ? "" : ` --account ${name}`}`,
    },
  );
}
