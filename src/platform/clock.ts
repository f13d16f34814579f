/**
 * The machine's clock.
 *
 * Loaded on every run, a cache hit of `cred-process` included: no imports that cost anything.
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

/**
 * The real clock.
 *
 * @returns The port; an aborted `sleep` leaves no timer behind, so it can't keep the process alive.
 */
export function systemClock(): Clock {
  return { now: () => Date.now(), sleep };
}
