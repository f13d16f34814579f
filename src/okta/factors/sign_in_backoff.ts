/**
 * What a failed sign-in means for other processes: those that waited for it fail with the same error,
 * and after several unanswered prompts background callers don't prompt for a while, so that a person
 * who is away does not get one push after another.
 *
 * @module
 */

import { InteractionError, SignInError } from "../../errors.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { Clock } from "../../ports.ts";
import type { AccountStateFile, FailedSignIn } from "../../store/account_state.ts";
import {
  fromStoredFailure,
  type SharedKinds,
  toStoredFailure,
} from "../../store/shared_failure.ts";

/** After this many in a row background callers are turned away. */
const MOST_UNANSWERED = 3;

/** For this long; a person who signs in ends it sooner. */
const REST_MILLISECONDS = 5 * 60_000;

/** An account that signs in, at Okta or at Identity Center. */
export interface BackoffAccount {
  readonly name: string;
  readonly interaction: Interaction;
  readonly session: {
    /** When this run began to ask, milliseconds since the Unix epoch. */
    readonly askedAt: number;
    readonly state: AccountStateFile;
    readonly client: { readonly clock: Clock };
  };
}

/** An app by whose policy a sign-in is judged. */
export interface OneApp {
  url: string;
  /** Whether this app alone refuses: another one may still open. */
  isItsRefusal(error: SignInError): boolean;
}

/** Failures that other processes meet as well. */
const SHARED: SharedKinds = { SignInError, InteractionError };

/** A question, or a push, that nobody answered. */
const UNANSWERED_CODES = ["unanswered", "push_timeout"];

/**
 * Signs in, unless another run has just failed at it, or the last prompts went unanswered.
 *
 * @throws {InteractionError} `unanswered_before`, or the other run's `unanswered`
 * @throws {SignInError} The other run's.
 */
export async function withSignInBackoff<T>(
  account: BackoffAccount,
  signIn: () => Promise<T>,
  app?: OneApp,
): Promise<T> {
  const { state, askedAt, client: { clock } } = account.session;
  const { failed, unanswered } = await state.read();
  const isOurs = failed?.app === undefined || failed.app === app?.url;
  const failure = failed && fromStoredFailure(failed, SHARED);
  // A time that is still to come was left by a clock that was ahead.
  const isOfOther = failed !== undefined && failed.at > askedAt && failed.at <= clock.now();
  if (failure !== undefined && isOurs && isOfOther) throw failure;
  if (!account.interaction.foreground && isResting(account, unanswered)) throw resting(account);
  try {
    const done = await signIn();
    if (failed ?? unanswered) await state.change({ failed: undefined, unanswered: undefined });
    return done;
  } catch (error) {
    await noteFailure(account, error, { before: unanswered?.count ?? 0, app });
    throw error;
  }
}

function isResting(
  { session: { client: { clock } } }: BackoffAccount,
  unanswered: { count: number; at: number } | undefined,
): boolean {
  if (unanswered === undefined || unanswered.count < MOST_UNANSWERED) return false;
  const age = clock.now() - unanswered.at;
  return age >= 0 && age < REST_MILLISECONDS;
}

/** Okta's refusals, a rejected push among them, and prompts that nobody answered. */
async function noteFailure(
  { session: { state, client }, interaction: { foreground } }: BackoffAccount,
  error: unknown,
  { before, app }: { before: number; app: OneApp | undefined },
): Promise<void> {
  const failure = toStoredFailure(error, SHARED);
  if (failure === undefined) return;
  const isRefusal = error instanceof SignInError;
  const isUnanswered = UNANSWERED_CODES.includes(failure.code);
  if (!isRefusal && !isUnanswered) return;
  const at = client.clock.now();
  const failed: FailedSignIn = { at, ...failure };
  if (isRefusal && app?.isItsRefusal(error)) failed.app = app.url;
  const counts = isUnanswered && !foreground;
  await state.change(counts ? { failed, unanswered: { count: before + 1, at } } : { failed });
}

function resting({ name }: BackoffAccount): InteractionError {
  return new InteractionError(
    `nobody answered the last ${MOST_UNANSWERED} prompts for ${name}: no more are sent for now`,
    {
      code: "unanswered_before",
      hint: `sign in: okta-aws signin${name === "default" ? "" : ` --account ${name}`}`,
    },
  );
}
