/**
 * The push: announced, sent, polled, with the number to choose; a code typed meanwhile ends the wait.
 *
 * @module
 */

import { InteractionError } from "../../errors.ts";
import type { Authenticator, StepResult } from "./authenticator.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { bigNumber } from "./big_number.ts";
import type { FactorContext } from "./factor_context.ts";
import { nobodyThere, unexpected } from "./factor_errors.ts";
import { openTyping, type Typing } from "./push_typing.ts";
import { answerTypedCode, withoutBlanks } from "./typed_code.ts";

/** Classic prescribes no pace; four requests a second is its limit (protocol.md, a.4). */
const POLL_MILLISECONDS = 2_000;

/** A phone in the hand is quick: the first look comes sooner. */
const FIRST_POLL_MILLISECONDS = 1_000;

/**
 * Sends a push and waits for it. What Okta says ends it: a rejection is no reason to ask again.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 * @throws {SignInError} `push_rejected`, `push_timeout`
 * @throws {InteractionError} `no_terminal` where it would be a surprise, `unanswered`
 */
export async function answerPush<T>(context: FactorContext<T>): Promise<T> {
  const { interaction, session, account } = context;
  if (!await interaction.mayPush()) throw nobodyThere(session.authenticator);
  const purpose = await account.purpose();
  const lines = purpose.map((line) => `  ${line}\n`).join("");
  await interaction.show(`sending a ${session.authenticator.name}\n${lines}`);
  const started = await session.start();
  if (started.kind === "next") return started.transaction;
  if (started.kind !== "waiting") throw unexpected(started);
  const typing = await openTyping(context);
  try {
    return await waitForPhone(context, started, typing);
  } finally {
    await typing.end();
  }
}

async function waitForPhone<T>(
  context: FactorContext<T>,
  started: Extract<StepResult<T>, { kind: "waiting" }>,
  typing: Typing,
): Promise<T> {
  const { session, account: { client: { clock } } } = context;
  const deadline = deadlineOf(context);
  let pause = started.pollMilliseconds ?? FIRST_POLL_MILLISECONDS;
  let shown = await showNumber(context, typing, started.number, undefined);
  for (;;) {
    const typed = await typing.within(pause);
    if (typed !== undefined) return await switchToCode(context, typing.authenticator!, typed);
    const result = await session.poll();
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "waiting") throw unexpected(result);
    shown = await showNumber(context, typing, result.number, shown);
    if (clock.now() > deadline) throw unansweredPush(context);
    pause = result.pollMilliseconds ?? POLL_MILLISECONDS;
  }
}

/** Okta says when the transaction ends; a background caller waits no longer than for any answer. */
function deadlineOf<T>({ session, interaction, account: { client } }: FactorContext<T>): number {
  const now = client.clock.now();
  const byOkta = session.expiresAt === undefined
    ? Infinity
    : session.expiresAt - client.clockOffsetMilliseconds;
  // The time slides on with every poll: this is the first one, and a push lives as long.
  return Math.min(Math.max(byOkta, now), now + (interaction.patienceMilliseconds ?? Infinity));
}

function unansweredPush<T>({ session, account }: FactorContext<T>): InteractionError {
  return new InteractionError(`nobody answered in time (${session.authenticator.name})`, {
    code: "unanswered",
    hint: `run: okta-aws signin${account.name === "default" ? "" : ` --account ${account.name}`}`,
  });
}

/** @returns The number that is shown now. 0 is one; it may come late, and change. */
async function showNumber<T>(
  { interaction, session }: FactorContext<T>,
  typing: Typing,
  number: string | undefined,
  shown: string | undefined,
): Promise<string | undefined> {
  if (number === undefined || number === shown) return shown;
  const app = session.authenticator.provider === "OKTA" ? "Okta Verify" : "the app";
  const safe = showUntrusted(number);
  const big = interaction.plain ? [] : bigNumber(number).map((line) => `    ${line}\n`);
  const picture = big.length === 0 ? "" : `\n${big.join("")}\n`;
  await typing.interruptedBy(() =>
    interaction.show(`choose this number in ${app}: ${safe}\n${picture}`)
  );
  return number;
}

async function switchToCode<T>(
  context: FactorContext<T>,
  authenticator: Authenticator,
  typed: Secret,
): Promise<T> {
  const { challenge, interaction } = context;
  const session = await challenge.choose(authenticator);
  const passCode = withoutBlanks(typed);
  const result = await session.answer({ kind: "code", passCode });
  if (result.kind === "next") return result.transaction;
  if (result.kind !== "refused") throw unexpected(result);
  await interaction.say("Okta did not accept this code: try again");
  return await answerTypedCode({ ...context, session }, 2);
}
