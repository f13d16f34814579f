/**
 * Prompts that nobody answers: a background caller that comes back every minute must not send one
 * push after another to a person who is away.
 *
 * @module
 */

import { InteractionError, OktaAwsError } from "../errors.ts";
import type { Conversation } from "./conversation.ts";
import type { OktaAccount } from "./okta_account.ts";

/** After so many in a row background callers are turned away. */
const MOST_UNANSWERED = 3;

/** For so long; a person who signs in ends it sooner. */
const REST_MILLISECONDS = 5 * 60_000;

/** A question, or a push, that nobody answered. */
const UNANSWERED_CODES = ["unanswered", "push_timeout"];

/**
 * Turns background callers away for a while where nobody answers, else signs in.
 *
 * @param account The Okta account.
 * @param conversation Whether it is a background caller.
 * @param work The sign-in.
 * @returns What `work` gives.
 * @throws {InteractionError} `unanswered_before`
 */
export async function unlessUnanswered<T>(
  account: OktaAccount,
  conversation: Conversation,
  work: () => Promise<T>,
): Promise<T> {
  const { state, client: { clock } } = account;
  const before = (await state.read()).unanswered;
  const isResting = before !== undefined && before.count >= MOST_UNANSWERED &&
    clock.now() - before.at < REST_MILLISECONDS;
  if (isResting && !conversation.foreground) throw resting(account);
  try {
    const done = await work();
    if (before !== undefined) await state.change({ unanswered: undefined });
    return done;
  } catch (error) {
    if (!conversation.foreground && isUnanswered(error)) {
      const count = (before?.count ?? 0) + 1;
      await state.change({ unanswered: { count, at: clock.now() } });
    }
    throw error;
  }
}

function isUnanswered(error: unknown): boolean {
  return error instanceof OktaAwsError && UNANSWERED_CODES.includes(error.code);
}

function resting({ name }: OktaAccount): InteractionError {
  return new InteractionError(
    `nobody answered the last ${MOST_UNANSWERED} prompts of ${name}: no other is sent for now`,
    {
      code: "unanswered_before",
      hint: `sign in: okta-aws signin${name === "default" ? "" : ` --account ${name}`}`,
    },
  );
}
