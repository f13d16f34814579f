/**
 * Polling for a device code: when to ask the server again, how often, and when to give up. Used for
 * Okta's device grant and for AWS.
 *
 * Source: RFC 8628, sections 3.2 and 3.5
 *
 * @module
 */

import { NetworkError } from "../errors.ts";
import type { Clock } from "../ports.ts";

export interface DeviceCodeLife {
  /** Seconds to wait before each poll (default: 5). */
  intervalSeconds: number | undefined;
  /** Seconds for which the code can be approved. */
  expiresInSeconds: number;
}

export type PollAnswer<T> =
  | { kind: "granted"; value: T }
  | { kind: "pending" }
  /** Polled too often: add five seconds to the interval. */
  | { kind: "slow_down" }
  | { kind: "expired" };

export type PollOutcome<T> =
  | { kind: "granted"; value: T }
  | { kind: "expired" }
  /** The code is still valid, but we stop waiting. */
  | { kind: "unanswered" };

export interface PollOptions extends DeviceCodeLife {
  /** Milliseconds to wait (default: until the code expires). */
  patienceMilliseconds?: number | undefined;
  /** Aborts the wait: the promise rejects with its reason. */
  signal?: AbortSignal | undefined;
}

const DEFAULT_INTERVAL_SECONDS = 5;
const SLOW_DOWN_SECONDS = 5;
/** Prevents a busy loop if the server says 0. */
const LEAST_INTERVAL_SECONDS = 1;
/** A short network failure must not end the sign-in. */
const MOST_FAILURES = 3;

function firstInterval({ intervalSeconds }: DeviceCodeLife): number {
  const said = intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
  return Number.isFinite(said) ? Math.max(LEAST_INTERVAL_SECONDS, said) : DEFAULT_INTERVAL_SECONDS;
}

/**
 * Polls until the code is approved or expires. Waits one interval before each poll, also the first.
 * `slow_down` adds five seconds to the interval; a failed request doubles it.
 *
 * @param poll Errors other than a temporary {@linkcode NetworkError} end the wait.
 */
export async function pollForGrant<T>(
  clock: Clock,
  poll: () => Promise<PollAnswer<T>>,
  options: PollOptions,
): Promise<PollOutcome<T>> {
  const { patienceMilliseconds = Infinity, signal } = options;
  const began = clock.now();
  const expires = began + options.expiresInSeconds * 1000;
  const end = Math.min(expires, began + patienceMilliseconds);
  let interval = firstInterval(options) * 1000;
  let failures = 0;
  while (clock.now() + interval <= end) {
    await clock.sleep(interval, signal);
    try {
      const answer = await poll();
      failures = 0;
      if (answer.kind === "granted" || answer.kind === "expired") return answer;
      if (answer.kind === "slow_down") interval += SLOW_DOWN_SECONDS * 1000;
    } catch (error) {
      if (!(error instanceof NetworkError) || ++failures > MOST_FAILURES) throw error;
      interval *= 2;
    }
  }
  await clock.sleep(Math.max(0, end - clock.now()), signal);
  return end === expires ? { kind: "expired" } : { kind: "unanswered" };
}
