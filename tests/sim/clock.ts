/**
 * The simulator's time: the machine's, unless a test moves it.
 *
 * @module
 */

/** The time of the simulated world. */
export interface WorldClock {
  /** What AWS's clocks show, and the true time of the world. @returns Milliseconds since 1970. */
  now(): number;
  /** By how much Okta's clock, its `Date` header and its codes run ahead (negative: behind). */
  offsetMs: number;
  /** Lets time pass at once, for everybody. */
  advance(milliseconds: number): void;
}

/**
 * @param base Where the time comes from; the machine's clock by default. `() => fixed` stops it.
 * @returns A clock that a test can move.
 */
export function createWorldClock(base: () => number = Date.now): WorldClock {
  let passed = 0;
  return {
    now: () => base() + passed,
    offsetMs: 0,
    advance(milliseconds) {
      passed += milliseconds;
    },
  };
}

/** @returns Okta's idea of the time, milliseconds since 1970. */
export function oktaNow(clock: WorldClock): number {
  return clock.now() + clock.offsetMs;
}

/** @returns `2024-01-01T00:00:00.000Z`, as Okta writes times. */
export function oktaTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** @returns `2024-01-01T00:00:00Z`, as AWS writes times. */
export function awsTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
