import type { Clock } from "../../src/ports.ts";

/** A clock that moves only in sleep(), or when the test moves it. */
export class FakeClock implements Clock {
  /** Milliseconds since the Unix epoch. */
  time: number;
  /** How long each sleep was, milliseconds. */
  readonly slept: number[] = [];

  constructor(start: number | string = "2024-01-01T00:00:00Z") {
    this.time = typeof start === "number" ? start : Date.parse(start);
  }

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.slept.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }

  /** Moves the clock without a sleep. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
