/**
 * The question that stands at the terminal while a push is out: a code of the same app may be typed
 * in place of the phone's answer.
 *
 * @module
 */

import { computable } from "./factors.ts";
import type { Authenticator } from "./authenticator.ts";
import type { FactorContext } from "./factor_context.ts";
import { type OpenQuestion, putQuestion } from "./open_question.ts";

/** The question of a push. */
export interface Typing extends OpenQuestion {
  /** What a typed code answers; `undefined` where nothing can be typed. */
  readonly authenticator: Authenticator | undefined;
}

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
  const { interaction, account: { client: { clock } } } = context;
  const authenticator = codeBeside(context);
  const isThere = await interaction.canAsk();
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
  return { ...putQuestion(context, question, authenticator !== undefined), authenticator };
}
