/**
 * Shared backoff: when STS throttles one request, those that have not been sent yet wait
 * too, and then go one after the other. If each retried alone, the limit would stay exceeded.
 *
 * @module
 */

import type { Clock, HttpClient, HttpResponse } from "../../ports.ts";

/** The first pause; it doubles while STS keeps asking. */
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 2000;
/** After a pause requests leave at this interval, so that they don't all hit the limit again. */
const DISTANCE_MILLISECONDS = 25;

/** Codes that ask to slow down, of STS and of the gateways before it. */
export const THROTTLING =
  /^(Throttling|ThrottlingException|Throttled|ThrottledException|RequestThrottled(Exception)?|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/;

/** Whether an answer of STS asks to slow down; for `sendWithRetry`. */
export function isThrottledResponse(response: HttpResponse): boolean {
  if (response.status < 400) return false;
  const code = /<Code>\s*(\w{1,64})\s*<\/Code>/.exec(response.body)?.[1];
  return code !== undefined && THROTTLING.test(code);
}

function isSlowDown(response: HttpResponse): boolean {
  return response.status === 429 || isThrottledResponse(response);
}

/**
 * A client whose requests wait while any of them is being throttled.
 *
 * @returns The client. It retries nothing.
 */
export function throttledTogether(http: HttpClient, clock: Clock): HttpClient {
  let pause = FIRST_PAUSE_MILLISECONDS;
  /** When the next request may leave; 0 until STS throttles. */
  let next = 0;
  /** Number of pauses: requests already under way when STS throttled count once. */
  let pauses = 0;
  return {
    ...http,
    async send(request) {
      for (let wait = next - clock.now(); wait > 0; wait = next - clock.now()) {
        await clock.sleep(wait);
      }
      if (next > 0) next = clock.now() + DISTANCE_MILLISECONDS;
      const sentAfter = pauses;
      const response = await http.send(request);
      if (!isSlowDown(response)) {
        pause = FIRST_PAUSE_MILLISECONDS;
      } else if (sentAfter === pauses) {
        pauses++;
        next = clock.now() + pause;
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
      }
      return response;
    },
  };
}
