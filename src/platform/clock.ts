/**
 * The `Clock` port.
 *
 * Loaded on every run, even when `cred-process` answers from its cache: imports must be cheap.
 *
 * @module
 */

import type { Clock } from "../ports.ts";

function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

/** An aborted `sleep` leaves no timer that could keep the process alive. */
export function systemClock(): Clock {
  return { now: () => Date.now(), sleep };
}
