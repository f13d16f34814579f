/**
 * The clock, as an interface.
 *
 * @module
 */

/** The time, and waiting for it. */
export interface Clock {
  /** @returns Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * @param milliseconds How long to wait.
   * @param signal Ends the wait early: the promise then rejects with the signal's reason.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
