/**
 * Goes through a sign-in, by whichever of Okta's APIs: one move after the other, until it is done.
 *
 * @module
 */

import { NetworkError, SignInError } from "../../errors.ts";
import type { OktaAccount } from "./okta_account.ts";
import { withSignInBackoff } from "./sign_in_backoff.ts";

/** How an API's sign-in goes. `T` is its transaction, `F` one that is done. */
export interface SignInSteps<T, F extends T> {
  /** The first request. */
  begin(): Promise<T>;
  /** Whether Okta is content. */
  isFinished(transaction: T): transaction is F;
  /** One move. */
  next(transaction: T): Promise<T>;
  /** Ends it where it will not be finished. */
  cancel(transaction: T): Promise<void>;
  /** What it asks for, for an error, safe to show. */
  nameOf(transaction: T): string;
  /** The app by whose policy it is judged, where it is. */
  app?: string;
}

/** More moves than any sign-in has: factor, new password, enrolment, each with its ways back. */
const MOST_MOVES = 15;

/**
 * Signs in.
 *
 * @param account The Okta account.
 * @param steps How the API's sign-in goes.
 * @returns The finished transaction.
 * @throws {SignInError} Okta's refusal, or `sign_in_circle`.
 * @throws {InterruptedError} On Ctrl-C; the transaction is cancelled then, as after any error.
 */
export function finishTransaction<T, F extends T>(
  account: OktaAccount,
  steps: SignInSteps<T, F>,
): Promise<F> {
  return withSignInBackoff(account, async () => {
    let current: T | undefined;
    try {
      return await account.interruptible(async (signal) => {
        let transaction = current = await steps.begin();
        for (let moves = 0; !steps.isFinished(transaction); moves++) {
          if (moves === MOST_MOVES) throw goesInCircles(steps.nameOf(transaction));
          transaction = current = await steps.next(transaction);
          signal.throwIfAborted();
        }
        return transaction;
      });
    } catch (error) {
      // Where the network is down, telling Okta costs another round of retries and reaches nobody.
      const reaches = !(error instanceof NetworkError);
      if (reaches && current !== undefined) await steps.cancel(current);
      throw error;
    }
  }, steps.app);
}

function goesInCircles(name: string): SignInError {
  return new SignInError(`the sign-in goes in circles: Okta asks for ${name} again and again`, {
    code: "sign_in_circle",
    hint: "sign in once in the browser, then try again",
  });
}
