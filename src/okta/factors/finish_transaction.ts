/**
 * The loop of a sign-in, for either of Okta's APIs: one move after the other, until it is finished.
 *
 * @module
 */

import { NetworkError, SignInError } from "../../errors.ts";
import type { SignInAccount } from "./factor_context.ts";
import { type OneApp, withSignInBackoff } from "./sign_in_backoff.ts";

/** The moves of an API's sign-in. `T` is its transaction, `F` one that is finished. */
export interface SignInSteps<T, F extends T> {
  /** The first request. */
  begin(): Promise<T>;
  isFinished(transaction: T): transaction is F;
  /** One move. */
  next(transaction: T): Promise<T>;
  /** Ends a transaction that will not be finished. */
  cancel(transaction: T): Promise<void>;
  /** What it asks for, for an error, safe to show. */
  nameOf(transaction: T): string;
  /** Set if an app's own policy judges the sign-in. */
  app?: OneApp;
}

/** More moves than any sign-in has: factor, new password, enrolment, each with its ways back. */
const MOST_MOVES = 15;

/**
 * Signs in. A transaction that fails, or that Ctrl-C ends, is cancelled at Okta.
 *
 * @throws {SignInError} Okta's refusal, or `sign_in_circle`.
 * @throws {InterruptedError}
 */
export function finishTransaction<T, F extends T>(
  account: SignInAccount,
  steps: SignInSteps<T, F>,
): Promise<F> {
  return withSignInBackoff(account, async () => {
    let current: T | undefined;
    try {
      return await account.session.interruptible(async (signal) => {
        let transaction = current = await steps.begin();
        for (let moves = 0; !steps.isFinished(transaction); moves++) {
          if (moves === MOST_MOVES) throw goesInCircles(steps.nameOf(transaction));
          transaction = current = await steps.next(transaction);
          signal.throwIfAborted();
        }
        return transaction;
      });
    } catch (error) {
      // If the network is down, telling Okta costs another round of retries and reaches nobody.
      const reaches = !(error instanceof NetworkError);
      if (reaches && current !== undefined) await steps.cancel(current);
      throw error;
    }
  }, steps.app);
}

function goesInCircles(name: string): SignInError {
  return new SignInError(`the sign-in does not end: Okta keeps asking for ${name}`, {
    code: "sign_in_circle",
    hint: "sign in once in the browser, then try again",
  });
}
