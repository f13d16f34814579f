/**
 * The question that stands at the terminal while a push is out: a code of the same app may be typed
 * in place of the phone's answer.
 *
 * @module
 */

import { computable } from "../../okta/factors.ts";
import type { Authenticator } from "../../okta/authenticator.ts";
import type { Secret } from "../../secret.ts";
import type { FactorContext } from "./factor_context.ts";

/** The question, open while the phone is polled. */
export interface Typing {
  /** What a typed code answers; `undefined` where nothing can be typed. */
  readonly authenticator: Authenticator | undefined;
  /**
   * Waits for a typed code.
   *
   * @param milliseconds How long.
   * @returns The code, or `undefined` where none came.
   * @throws {InterruptedError} On Ctrl-C.
   */
  within(milliseconds: number): Promise<Secret | undefined>;
  /** Takes the question away, does something with the terminal, and puts it again. */
  interruptedBy(work: () => Promise<void>): Promise<void>;
  /** Takes the question away. */
  end(): Promise<void>;
}

/** The end of a question that we took away ourselves. */
const TAKEN_AWAY = Symbol("taken away");

/** The app that gets the push shows codes as well; else whichever shows some. */
function codeBeside<T>({ challenge, session }: FactorContext<T>): Authenticator | undefined {
  const { provider } = session.authenticator;
  const { authenticators } = challenge;
  return computable(authenticators.filter((one) => one.provider === provider)) ??
    computable(authenticators);
}

/**
 * Puts the question, where somebody can answer it.
 *
 * @param context The push, and what else Okta offers.
 * @returns The question; it has to be ended.
 */
export async function openTyping<T>(context: FactorContext<T>): Promise<Typing> {
  const { conversation, account: { client: { clock } } } = context;
  const authenticator = codeBeside(context);
  const isThere = await conversation.canAsk();
  if (!isThere) {
    const wait = (milliseconds: number) => clock.sleep(milliseconds).then(() => undefined);
    return {
      authenticator: undefined,
      within: wait,
      interruptedBy: (work) => work(),
      end: () => Promise.resolve(),
    };
  }
  const question = authenticator === undefined
    ? "Waiting for the phone"
    : `Waiting for the phone, or type the ${authenticator.name}`;
  let controller: AbortController;
  let asked: Promise<Secret | typeof TAKEN_AWAY>;
  const put = (): void => {
    controller = new AbortController();
    asked = conversation.askSecret(question, controller.signal).catch((error) => {
      if (error === TAKEN_AWAY) return TAKEN_AWAY;
      throw error;
    });
    // Whoever waits next is told; until then it must not count as unhandled.
    asked.catch(() => {});
  };
  const takeAway = async (): Promise<void> => {
    controller.abort(TAKEN_AWAY);
    await asked.catch(() => {});
  };
  put();
  return {
    authenticator,
    async within(milliseconds) {
      const timer = new AbortController();
      const pause = clock.sleep(milliseconds, timer.signal).catch(() => {});
      try {
        const typed = await Promise.race([pause, asked]);
        if (typed === undefined || typed === TAKEN_AWAY) return undefined;
        // Without a code to type, Enter is only impatience.
        if (authenticator !== undefined && typed.reveal().trim() !== "") return typed;
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
