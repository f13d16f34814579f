export interface WorldClock {
  /** The true time, which AWS's clocks show: milliseconds since 1970. */
  now(): number;
  /** How far Okta's clock, its `Date` header and its codes are ahead (negative: behind). */
  offsetMs: number;
  /** Moves all clocks forward. */
  advance(milliseconds: number): void;
}

/** `base` returns milliseconds since 1970; `() => fixed` stops the clock. */
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

/** Okta's time, milliseconds since 1970. */
export function oktaNow(clock: WorldClock): number {
  return clock.now() + clock.offsetMs;
}

/** `2024-01-01T00:00:00.000Z` (Okta's format). */
export function oktaTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** `2024-01-01T00:00:00Z` (AWS's format). */
export function awsTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
