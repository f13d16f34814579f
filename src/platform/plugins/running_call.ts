import type { PluginCall, PluginOutcome } from "../../ports.ts";
import { Deadline } from "../network/deadline.ts";

const MOST_LOG_LINES = 100;
const MOST_REQUESTS = 1000;

/** A call of a plugin until its first end: the limits that it has wherever its code runs. */
export class RunningCall {
  #lines = 0;
  #requests = 0;
  readonly #ended = new AbortController();
  readonly #outcome = Promise.withResolvers<PluginOutcome>();
  readonly #deadline: Deadline;

  constructor(readonly call: PluginCall) {
    const { timeoutMilliseconds, signal } = call;
    this.#deadline = new Deadline(timeoutMilliseconds, () => this.end({ kind: "timeout" }));
    signal?.addEventListener("abort", () => this.end({ kind: "ended" }), { signal: this.ended });
  }

  /** Aborted at the end. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get outcome(): Promise<PluginOutcome> {
    return this.#outcome.promise;
  }

  end(outcome: PluginOutcome): void {
    this.#deadline.stop();
    this.#outcome.resolve(outcome);
    this.#ended.abort();
  }

  log(line: string): void {
    if (this.ended.aborted) return;
    this.#lines += 1;
    if (this.#lines <= MOST_LOG_LINES) this.call.onLog(line);
    if (this.#lines === MOST_LOG_LINES) this.call.onLog("(more lines are not shown)");
  }

  /** Answers a request of the plugin by `answer`, which must never reject. */
  async request(method: string, answer: () => Promise<void>): Promise<void> {
    if (this.ended.aborted) return;
    this.#requests += 1;
    if (this.#requests > MOST_REQUESTS) return this.end({ kind: "flood" });
    const answered = answer();
    await (this.call.waitsForUser.includes(method) ? this.#deadline.during(answered) : answered);
  }
}
