/**
 * `refresh --watch`: renews credentials before they expire, for as long as it runs.
 *
 * @module
 */

import { AwsError, NetworkError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** A laptop that wakes up must soon notice how much time has passed. */
const LONGEST_SLEEP_MILLISECONDS = 30_000;

/** Waits until all credentials of one run are stale. */
const SLACK_MILLISECONDS = 1000;

const FIRST_RETRY_MILLISECONDS = 30_000;
const LAST_RETRY_MILLISECONDS = 10 * 60_000;

/** What {@linkcode watch} is given. */
export interface WatchOptions {
  clock: Clock;
  /**
   * Renews what is stale.
   *
   * @returns When the first of it is stale again, milliseconds since the Unix epoch; `undefined`
   * if there is nothing to renew.
   */
  renew: () => Promise<number | undefined>;
  /** @param at When the next renewal is, milliseconds since the Unix epoch. */
  onNext: (at: number, failure?: NetworkError | AwsError) => void;
}

/**
 * Renews again and again. If a server can't be reached or refuses, it is retried with growing
 * delay; errors that need the person end it.
 *
 * @returns When there is nothing left to renew.
 * @throws Any error of the first `renew`; later any that is neither a {@linkcode NetworkError} nor
 * an {@linkcode AwsError}.
 */
export async function watch({ clock, renew, onNext }: WatchOptions): Promise<void> {
  let next = await renew();
  let pause = FIRST_RETRY_MILLISECONDS;
  while (next !== undefined) {
    onNext(next);
    await sleepUntil(clock, next + SLACK_MILLISECONDS);
    for (;;) {
      try {
        next = await renew();
        pause = FIRST_RETRY_MILLISECONDS;
        break;
      } catch (error) {
        if (!(error instanceof NetworkError || error instanceof AwsError)) throw error;
        const again = clock.now() + pause;
        onNext(again, error);
        await sleepUntil(clock, again);
        pause = Math.min(pause * 2, LAST_RETRY_MILLISECONDS);
      }
    }
  }
}

async function sleepUntil(clock: Clock, moment: number): Promise<void> {
  for (let left = moment - clock.now(); left > 0; left = moment - clock.now()) {
    await clock.sleep(Math.min(left, LONGEST_SLEEP_MILLISECONDS));
  }
}
