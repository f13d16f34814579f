/** A time limit that can be paused. */
export class Deadline {
  #left: number;
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waits = 0;
  #over = false;
  readonly #end: () => void;

  /** Calls `end` after this long, pauses excluded. */
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

  /** Stops without calling `end`. */
  stop(): void {
    this.#pause();
    this.#over = true;
  }

  /** Pauses while `work` runs, which must never reject. */
  async during(work: Promise<void>): Promise<void> {
    if (this.#waits++ === 0) this.#pause();
    await work;
    if (--this.#waits === 0 && !this.#over) this.#run();
  }
}
