/**
 * Waiting for a person who approves a device code in a browser: when to ask the server again, how
 * often, and when to give up. The same for Okta's device grant and AWS's.
 *
 * Source: RFC 8628, sections 3.2 and 3.5
 *
 * @module
 */

import { NetworkError } from "../errors.ts";
import type { Clock } from "../ports.ts";

/** What the server has said of a device code's life. */
export interface DeviceCodeLife {
  /** How long to wait before each poll, seconds; 5 where the server doesn't say. */
  intervalSeconds: number | undefined;
  /** How long the code can be approved, seconds. */
  expiresInSeconds: number;
}

export type PollAnswer<T> =
  | { kind: "granted"; value: T }
  | { kind: "pending" }
  /** Asked too often: five seconds more from now on. */
  | { kind: "slow_down" }
  | { kind: "expired" };

export type PollOutcome<T> =
  | { kind: "granted"; value: T }
  | { kind: "expired" }
  /** The code may still be approved, but we don't wait for it any longer. */
  | { kind: "unanswered" };

export interface PollOptions {
  /** Give up after this long, milliseconds; when the code expires where it is left out. */
  patienceMilliseconds?: number | undefined;
  /** Ends the wait: the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const DEFAULT_INTERVAL_SECONDS = 5;
const SLOW_DOWN_SECONDS = 5;
/** A server that says 0 must not be asked in a busy loop. */
const LEAST_INTERVAL_SECONDS = 1;
/** A network that fails in passing does not end a sign-in that a person is busy with. */
const MOST_FAILURES = 3;

function firstInterval({ intervalSeconds }: DeviceCodeLife): number {
  const said = intervalSeconds ?? DEFAULT_INTERVAL_SECONDS;
  return Number.isFinite(said) ? Math.max(LEAST_INTERVAL_SECONDS, said) : DEFAULT_INTERVAL_SECONDS;
}

/**
 * Polls until the code is approved or its time is up. The interval is waited before each poll, the
 * first included; `slow_down` adds five seconds for all that follow, a poll that the network lost
 * doubles it.
 *
 * @param poll Asks the server once; whatever it throws, but a passing {@linkcode NetworkError}, ends
 * the waiting.
 */
export async function pollForGrant<T>(
  clock: Clock,
  life: DeviceCodeLife,
  poll: () => Promise<PollAnswer<T>>,
  { patienceMilliseconds = Infinity, signal }: PollOptions = {},
): Promise<PollOutcome<T>> {
  const began = clock.now();
  const expires = began + life.expiresInSeconds * 1000;
  const end = Math.min(expires, began + patienceMilliseconds);
  let interval = firstInterval(life) * 1000;
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
