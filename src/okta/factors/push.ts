/**
 * The push: announced, sent, polled, with the number to choose; a code typed meanwhile ends the wait.
 *
 * A rejected push: the APIs report it as `refused` with the error of `pushEnded` (push_errors.ts), and
 * {@linkcode answerPush} throws that. Nothing is sent again, except that a person who chose the push
 * from a menu may choose another factor (`mayChooseAgain` in answer.ts). Otherwise the transaction is
 * cancelled at Okta (finish_transaction.ts), and processes that waited for this sign-in fail with the
 * same error (sign_in_backoff.ts). An unanswered push goes the same way, and counts for the backoff.
 *
 * @module
 */

import { InteractionError } from "../../errors.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Authenticator, StepResult } from "./authenticator.ts";
import { bigNumber } from "./big_number.ts";
import type { FactorContext } from "./factor_context.ts";
import { nobodyThere, unexpected } from "./factor_errors.ts";
import { computable } from "./factor_preference.ts";
import { type OpenQuestion, putQuestion } from "./open_question.ts";
import { answerTypedCode, withoutBlanks } from "./typed_code.ts";

/**
 * Classic prescribes no pace; four requests a second is its limit
 * (https://developer.okta.com/docs/reference/rl-additional-limits/).
 */
const POLL_MILLISECONDS = 2_000;

/** A phone in the hand is quick: the first poll comes sooner. */
const FIRST_POLL_MILLISECONDS = 1_000;

/**
 * Sends a push and waits for it.
 *
 * @throws {SignInError} `push_rejected`, `push_timeout`
 * @throws {InteractionError} `no_terminal` if it would be a surprise, `unanswered`
 */
export async function answerPush<T>(context: FactorContext<T>): Promise<T> {
  const { interaction, factor, account } = context;
  if (!await interaction.mayPush()) throw nobodyThere(factor.authenticator);
  const purpose = await account.factors.purpose();
  const lines = purpose.map((line) => `  ${line}\n`).join("");
  await interaction.show(`sending a ${factor.authenticator.name}\n${lines}`);
  const started = await factor.start();
  if (started.kind === "next") return started.transaction;
  if (started.kind !== "waiting") throw unexpected(started);
  const deadline = deadlineOf(context);
  const typing = await openTyping(context, deadline === Infinity ? undefined : deadline);
  try {
    return await waitForPhone(context, started, { typing, deadline });
  } finally {
    await typing.end();
  }
}

async function waitForPhone<T>(
  context: FactorContext<T>,
  started: Extract<StepResult<T>, { kind: "waiting" }>,
  { typing, deadline }: { typing: Typing; deadline: number },
): Promise<T> {
  const { factor, account: { session: { client: { clock } } } } = context;
  let pause = started.pollMilliseconds ?? FIRST_POLL_MILLISECONDS;
  let shown: string | undefined;
  const show = async (number: string | undefined) => {
    if (number === undefined || number === shown) return;
    shown = number;
    await typing.interruptedBy(() => showNumber(context, number));
  };
  await show(started.number);
  for (;;) {
    const typed = await typing.within(pause);
    if (typed !== undefined) return await switchToCode(context, typing.authenticator!, typed);
    const result = await factor.poll();
    if (result.kind === "next") return result.transaction;
    // A rejection too: its error is thrown.
    if (result.kind !== "waiting") throw unexpected(result);
    await show(result.number);
    if (clock.now() > deadline) throw unansweredPush(context);
    pause = result.pollMilliseconds ?? POLL_MILLISECONDS;
  }
}

/**
 * Okta says when the transaction ends; a background caller waits no longer than for any answer.
 * `Infinity` if nobody says.
 */
export function deadlineOf<T>({ factor, interaction, account }: FactorContext<T>): number {
  const { client } = account.session;
  const now = client.clock.now();
  const byOkta = factor.expiresAt === undefined
    ? Infinity
    : factor.expiresAt - client.clockOffsetMilliseconds;
  // Each poll moves that time on: the first one is taken, and a push lives as long.
  return Math.min(Math.max(byOkta, now), now + (interaction.patienceMilliseconds ?? Infinity));
}

function unansweredPush<T>({ factor, account }: FactorContext<T>): InteractionError {
  return new InteractionError(`nobody answered in time (${factor.authenticator.name})`, {
    code: "unanswered",
    hint: `run: okta-aws signin${account.name === "default" ? "" : ` --account ${account.name}`}`,
  });
}

/** Shows the number to choose on the phone. 0 is one; it may come late, and change. */
async function showNumber<T>(
  { interaction, factor }: FactorContext<T>,
  number: string,
): Promise<void> {
  const app = factor.authenticator.provider === "OKTA" ? "Okta Verify" : "the app";
  const safe = showUntrusted(number);
  const big = interaction.plain ? [] : bigNumber(number).map((line) => `    ${line}\n`);
  const picture = big.length === 0 ? "" : `\n${big.join("")}\n`;
  await interaction.show(`Tap ${safe} in ${app}\n${picture}`);
}

/** The question at the terminal while a push is out. */
interface Typing extends OpenQuestion {
  /** What a typed code answers; `undefined` if nothing can be typed. */
  readonly authenticator: Authenticator | undefined;
}

/** The app that gets the push shows codes as well; otherwise any other app that shows some. */
function codeBeside<T>({ challenge, factor }: FactorContext<T>): Authenticator | undefined {
  const { provider } = factor.authenticator;
  const { authenticators } = challenge;
  return computable(authenticators.filter((one) => one.provider === provider)) ??
    computable(authenticators);
}

/** Puts the question if somebody can answer it. */
async function openTyping<T>(
  context: FactorContext<T>,
  until: number | undefined,
): Promise<Typing> {
  const { interaction, account: { session: { client: { clock } } } } = context;
  if (!await interaction.canAsk()) {
    return {
      authenticator: undefined,
      within: (milliseconds) => clock.sleep(milliseconds).then(() => undefined),
      interruptedBy: (work) => work(),
      end: () => Promise.resolve(),
    };
  }
  const authenticator = codeBeside(context);
  const approve = "Approve on your phone";
  const isSameApp = authenticator?.provider === context.factor.authenticator.provider;
  const code = isSameApp ? "a code" : `the ${authenticator?.name}`;
  const question = authenticator === undefined ? approve : `${approve}, or type ${code}`;
  const options = { takes: authenticator !== undefined, until };
  return { ...putQuestion(context, question, options), authenticator };
}

async function switchToCode<T>(
  context: FactorContext<T>,
  authenticator: Authenticator,
  typed: Secret,
): Promise<T> {
  const { challenge, interaction } = context;
  const factor = await challenge.choose(authenticator);
  const passCode = withoutBlanks(typed);
  const result = await factor.answer({ kind: "code", passCode });
  if (result.kind === "next") return result.transaction;
  if (result.kind !== "refused") throw unexpected(result);
  await interaction.say("wrong code: try again");
  return await answerTypedCode({ ...context, factor }, 2);
}
