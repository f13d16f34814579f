/**
 * Backing off together: when STS asks one request to slow down, those that have not been sent yet wait
 * as well, and go on one after the other. Each retrying for itself would keep the limit exceeded.
 *
 * @module
 */

import type { Clock, HttpClient, HttpResponse } from "../../ports.ts";
import { isThrottledResponse } from "./sts_errors.ts";

/** The first pause; it doubles while STS keeps asking. */
const FIRST_PAUSE_MILLISECONDS = 250;
const LONGEST_PAUSE_MILLISECONDS = 2000;
/** After a pause, requests leave at this distance, so that they don't meet the limit as one crowd. */
const DISTANCE_MILLISECONDS = 25;

function isSlowDown(response: HttpResponse): boolean {
  return response.status === 429 || isThrottledResponse(response);
}

/**
 * A client whose requests wait while any of them is being throttled.
 *
 * @param http Sends.
 * @param clock Tells the time and waits.
 * @returns The client. It retries nothing.
 */
export function throttledTogether(http: HttpClient, clock: Clock): HttpClient {
  let pause = FIRST_PAUSE_MILLISECONDS;
  /** When the next request may leave; 0 as long as STS has not complained. */
  let next = 0;
  /** How often there was a pause: a crowd that was on its way when STS complained counts once. */
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
