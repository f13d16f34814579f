/**
 * `refresh --watch`: renews before the end, for as long as it runs.
 *
 * @module
 */

import { AwsError, NetworkError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** A laptop that was closed must notice soon after that time has passed. */
const LONGEST_SLEEP_MILLISECONDS = 30_000;

/** Credentials are stale from then on, not before: a moment later all of one run's are. */
const SLACK_MILLISECONDS = 1000;

const FIRST_RETRY_MILLISECONDS = 30_000;
const LAST_RETRY_MILLISECONDS = 10 * 60_000;

/** What {@linkcode watch} is given. */
export interface WatchOptions {
  /** Tells the time and waits. */
  clock: Clock;
  /**
   * Renews what is stale.
   *
   * @returns When the first of it is stale again, milliseconds since the Unix epoch; `undefined`
   * where there is nothing to renew.
   */
  renew: () => Promise<number | undefined>;
  /** Told when the next renewal is, milliseconds since the Unix epoch, and why where it failed. */
  onNext: (at: number, failure?: NetworkError | AwsError) => void;
}

/**
 * Renews again and again. A server that can't be reached, or refuses, is asked again, later each time;
 * what a person has to do something about ends it.
 *
 * @param options What to do.
 * @returns When there is nothing left to renew.
 * @throws Whatever `renew` throws the first time; later, whatever is no {@linkcode NetworkError} and
 * no {@linkcode AwsError}.
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
