/**
 * A code that Okta sends: by SMS, voice call, e-mail.
 *
 * @module
 */

import { NetworkError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { FactorSession, StepResult } from "./authenticator.ts";
import type { Secret } from "../../secret.ts";
import type { FactorContext } from "./factor_context.ts";
import { putQuestion } from "./open_question.ts";
import { deadlineOf } from "./push.ts";
import { nobodyThere, unexpected } from "./factor_errors.ts";
import { withoutBlanks } from "./typed_code.ts";

/** How often a person may mistype a code. */
const TRIES = 3;

/** Okta sends no other code within this time (E0000109, E0000133; E0000118). */
const PAUSE_MILLISECONDS = 30_000;
const EMAIL_PAUSE_MILLISECONDS = 5_000;

/** Added so that the time is over by Okta's clock too. */
const MARGIN_MILLISECONDS = 500;

/**
 * Sends a code, once, and asks for it; `r` sends another one when Okta allows it.
 *
 * @throws {InteractionError} If nobody is there to type the code; none is sent then.
 */
export async function answerSentCode<T>(context: FactorContext<T>): Promise<T> {
  const { factor, interaction } = context;
  const { authenticator } = factor;
  if (!await interaction.canAsk()) throw nobodyThere(authenticator);
  const started = await factor.start();
  if (started.kind === "next") return started.transaction;
  let sentAt = now(context);
  await tellSent(context, started);
  let tries = TRIES;
  for (;;) {
    const again = factor.canResend || isTooSoon(started) ? " (r: send another)" : "";
    const asked = await askOrPoll(context, `Code from ${nameOf(context)}${again}`);
    if ("transaction" in asked) return asked.transaction;
    const typed = withoutBlanks(asked.typed);
    if (typed.reveal() === "") continue;
    if (again !== "" && typed.reveal().toLowerCase() === "r") {
      sentAt = await sendAgain(context, sentAt, isTooSoon(started));
      continue;
    }
    const result = await factor.answer({ kind: "code", passCode: typed });
    if (result.kind === "next") return result.transaction;
    if (result.kind !== "refused" || !["wrong", "used"].includes(result.reason)) {
      throw unexpected(result);
    }
    if (--tries === 0) throw wrongCode(result.error);
    await interaction.say(
      again === "" ? "wrong code: try again" : "wrong code: try again (r sends a new one)",
    );
  }
}

/** Neither clock nor stored secret has to do with a code that was sent. */
function wrongCode(error: OktaAwsError): OktaAwsError {
  if (!(error instanceof SignInError)) return error;
  const { message, code, reference } = error;
  return new SignInError(message, {
    code,
    reference,
    hint: "run the command again, and type the code that was sent last",
  });
}

/** An e-mail has a link beside its code: the first of both counts. */
async function askOrPoll<T>(
  context: FactorContext<T>,
  question: string,
): Promise<{ typed: Secret } | { transaction: T }> {
  const { factor, interaction } = context;
  const deadline = deadlineOf(context);
  const until = deadline === Infinity ? undefined : deadline;
  if (factor.pollMilliseconds === undefined) {
    return { typed: await interaction.askSecret(question, undefined, { echo: true, until }) };
  }
  const open = putQuestion(context, question, { takes: true, until });
  try {
    for (;;) {
      const typed = await open.within(factor.pollMilliseconds ?? 0);
      if (typed !== undefined) return { typed };
      const result = await pollQuietly(factor);
      if (result === undefined) continue;
      if (result.kind === "next") return { transaction: result.transaction };
      if (result.kind === "refused") throw result.error;
    }
  } finally {
    await open.end();
  }
}

/** A rate limit or a failing network doesn't end the question: the code can still be typed. */
async function pollQuietly<T>(factor: FactorSession<T>): Promise<StepResult<T> | undefined> {
  try {
    return await factor.poll();
  } catch (error) {
    if (error instanceof NetworkError) return undefined;
    throw error;
  }
}

function now<T>({ account }: FactorContext<T>): number {
  return account.session.client.clock.now();
}

function nameOf<T>({ factor: { authenticator: { name } } }: FactorContext<T>): string {
  return name;
}

function isTooSoon<T>(result: StepResult<T>): boolean {
  return result.kind === "refused" && result.reason === "too_soon";
}

/** One that was sent a moment ago, by another run or another step, may not have been used yet. */
async function tellSent<T>(context: FactorContext<T>, result: StepResult<T>): Promise<void> {
  const { interaction } = context;
  if (isTooSoon(result)) {
    return await interaction.say(
      `Okta sent a code a moment ago (${nameOf(context)}): type that one, or r for another`,
    );
  }
  if (result.kind !== "asks") throw unexpected(result);
  await interaction.say(`code sent: ${nameOf(context)}`);
}

/** @returns When the last code was sent. */
async function sendAgain<T>(
  context: FactorContext<T>,
  sentAt: number,
  fromStart: boolean,
): Promise<number> {
  const { factor, interaction } = context;
  await pause(context, sentAt);
  const result = factor.canResend || !fromStart ? await factor.resend() : await factor.start();
  if (isTooSoon(result)) {
    await interaction.say("Okta can't send another code yet: type the last one, or wait");
    return now(context);
  }
  await tellSent(context, result);
  return now(context);
}

async function pause<T>(context: FactorContext<T>, sentAt: number): Promise<void> {
  const { account: { session: { client: { clock } } }, interaction, factor } = context;
  const isEmail = factor.authenticator.factorType === "email";
  const least = isEmail ? EMAIL_PAUSE_MILLISECONDS : PAUSE_MILLISECONDS;
  const end = sentAt + least + MARGIN_MILLISECONDS;
  for (let left = end - clock.now(); left > 0; left = end - clock.now()) {
    interaction.countDown(Math.ceil(left / 1000), "sending another code");
    await clock.sleep(Math.min(1000, left));
  }
  interaction.countDown(0, "");
}
