/**
 * A question at the terminal while something else is awaited as well: a phone's answer, an e-mail's
 * link.
 *
 * @module
 */

import type { Secret } from "../../secret.ts";
import type { FactorContext } from "./factor_context.ts";

export interface OpenQuestion {
  /**
   * Waits that long for an answer.
   *
   * @throws {InterruptedError} On Ctrl-C.
   */
  within(milliseconds: number): Promise<Secret | undefined>;
  /** Removes the question, does something with the terminal, and puts it again. */
  interruptedBy(work: () => Promise<void>): Promise<void>;
  /** Removes the question. */
  end(): Promise<void>;
}

/** The end of a question that we removed ourselves. */
const TAKEN_AWAY = Symbol("taken away");

/**
 * Puts a question and leaves it open; it has to be ended.
 *
 * @param options `takes`: whether there is anything to type; otherwise Enter only puts the question
 * again. `until`: counted down.
 */
export function putQuestion<T>(
  { interaction, account: { session: { client: { clock } } } }: FactorContext<T>,
  question: string,
  { takes, until }: { takes: boolean; until: number | undefined },
): OpenQuestion {
  let controller: AbortController;
  let asked: Promise<Secret | typeof TAKEN_AWAY>;
  const put = (): void => {
    controller = new AbortController();
    asked = interaction.askSecret(question, controller.signal, { echo: true, until }).catch(
      (error) => {
        if (error === TAKEN_AWAY) return TAKEN_AWAY;
        throw error;
      },
    );
    // The next wait throws it; until then it must not count as unhandled.
    asked.catch(() => {});
  };
  const takeAway = async (): Promise<void> => {
    controller.abort(TAKEN_AWAY);
    await asked.catch(() => {});
  };
  put();
  return {
    async within(milliseconds) {
      const timer = new AbortController();
      const pause = clock.sleep(milliseconds, timer.signal).catch(() => {});
      try {
        const typed = await Promise.race([pause, asked]);
        if (typed === undefined || typed === TAKEN_AWAY) return undefined;
        if (takes && typed.reveal().trim() !== "") return typed;
        put();
        return undefined;
      } finally {
        timer.abort();
      }
    },
    async interruptedBy(work) {
      await takeAway();
      await work();
      put();
    },
    end: takeAway,
  };
}
