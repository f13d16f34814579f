/**
 * How long somebody may take.
 *
 * @module
 */

/** A limit of time that stands still while somebody is waited for. */
export class Deadline {
  #left: number;
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waits = 0;
  #over = false;
  readonly #end: () => void;

  /**
   * Begins.
   *
   * @param milliseconds How long.
   * @param end Called when that is over.
   */
  constructor(milliseconds: number, end: () => void) {
    this.#left = milliseconds;
    this.#end = end;
    this.#run();
  }

  #run(): void {
    this.#since = performance.now();
    this.#timer = setTimeout(this.#end, Math.max(0, this.#left));
  }

  #pause(): void {
    clearTimeout(this.#timer);
    if (this.#since !== undefined) this.#left -= performance.now() - this.#since;
    this.#since = undefined;
  }

  /** Ends it without a call. */
  stop(): void {
    this.#pause();
    this.#over = true;
  }

  /**
   * Stands still.
   *
   * @param work As long as this takes; it never rejects.
   */
  async during(work: Promise<void>): Promise<void> {
    if (this.#waits++ === 0) this.#pause();
    await work;
    if (--this.#waits === 0 && !this.#over) this.#run();
  }
}
