/**
 * A time-based code: computed from the stored secret, or given by another program, or typed.
 *
 * @module
 */

import type { StepResult } from "./authenticator.ts";
import type { Secret } from "../../secret.ts";
import { parseTotpSecret } from "../../totp/otpauth_uri.ts";
import { totpCode, type TotpParameters } from "../../totp/totp.ts";
import type { FactorContext, SignInAccount } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";
import { answerTypedCode } from "./typed_code.ts";

export async function answerTotp<T>(context: FactorContext<T>): Promise<T> {
  const { id, totp, oneTimeCode } = await context.account.secrets.read();
  if (totp !== undefined) {
    return await answerComputed(context, id ?? "env", parseTotpSecret(totp.reveal()));
  }
  if (oneTimeCode === undefined) return await answerTypedCode(context);
  const given = await oneTimeCode();
  if (isCode(given)) return await answerGiven(context, given, oneTimeCode);
  return await answerComputed(context, id ?? "command", parseTotpSecret(given.reveal()));
}

/** Whether a program gave a code, not the secret that codes are computed from. */
export function isCode(given: Secret): boolean {
  return /^\d{6,8}$/.test(given.reveal());
}

/** Most authenticators' step. */
const STEP_MILLISECONDS = 30_000;

/** If this code has been used, the program has another one at the next step. */
async function answerGiven<T>(
  { account: { session: { client: { clock } } }, interaction, factor }: FactorContext<T>,
  given: Secret,
  oneTimeCode: () => Promise<Secret>,
): Promise<T> {
  const first = await factor.answer({ kind: "code", passCode: given });
  if (first.kind === "next") return first.transaction;
  if (first.kind !== "refused" || first.reason !== "used") throw unexpected(first);
  const left = STEP_MILLISECONDS - clock.now() % STEP_MILLISECONDS;
  const seconds = Math.ceil(left / 1000);
  await interaction.say(
    `this code has been used: waiting ${seconds} s for the next one`,
  );
  await clock.sleep(left);
  const second = await factor.answer({ kind: "code", passCode: await oneTimeCode() });
  if (second.kind === "next") return second.transaction;
  throw unexpected(second);
}

/** A code is good once: one that anybody has sent is not sent again. */
async function answerComputed<T>(
  context: FactorContext<T>,
  item: string,
  parameters: TotpParameters,
): Promise<T> {
  const first = await sendUnusedCode(context, item, parameters);
  if (first.kind === "next") return first.transaction;
  if (first.kind !== "refused" || first.reason !== "used") throw unexpected(first);
  const second = await sendUnusedCode(context, item, parameters);
  if (second.kind === "next") return second.transaction;
  throw unexpected(second);
}

async function sendUnusedCode<T>(
  context: FactorContext<T>,
  item: string,
  parameters: TotpParameters,
): Promise<StepResult<T>> {
  const passCode = await noteAndTakeCode(context.account, item, parameters);
  return await context.factor.answer({ kind: "code", passCode });
}

/** Noted before it is sent: a run that is killed in between must not send it twice either. */
async function noteAndTakeCode(
  account: SignInAccount,
  item: string,
  parameters: TotpParameters,
): Promise<Secret> {
  const { code, counter } = await unusedCode(account, item, parameters);
  await account.session.state.change({ usedCode: { item, counter } });
  return code;
}

/** A code to be typed into Okta's page; `undefined` if neither a secret nor a program gives one. */
export async function codeToSend(account: SignInAccount): Promise<Secret | undefined> {
  const { id, totp, oneTimeCode } = await account.secrets.read();
  if (totp !== undefined) {
    return await noteAndTakeCode(account, id ?? "env", parseTotpSecret(totp.reveal()));
  }
  const given = await oneTimeCode?.();
  if (given === undefined || isCode(given)) return given;
  return await noteAndTakeCode(account, id ?? "command", parseTotpSecret(given.reveal()));
}

async function unusedCode(
  account: SignInAccount,
  item: string,
  parameters: TotpParameters,
): Promise<{ code: Secret; counter: number }> {
  const { interaction } = account;
  const { clock } = account.session.client;
  const spent = await spentCounters(account, item);
  const offset = await clockCorrection(account, parameters);
  for (;;) {
    const current = await totpCode(parameters, clock.now() + offset);
    // A clock that was set back by hours must not make us wait for hours.
    const isSpent = (last: number) => current.counter <= last && current.counter >= last - 1;
    if (!spent.some(isSpent)) return current;
    await interaction.say(
      `this code has been used: waiting ${current.secondsLeft} s for the next one`,
    );
    await clock.sleep(current.secondsLeft * 1000);
  }
}

/** Another account of the same user has the same secret in an item of its own. */
async function spentCounters(
  { session: { state } }: SignInAccount,
  item: string,
): Promise<number[]> {
  const { usedCode } = await state.read();
  const others = await Promise.all((state.others ?? []).map((other) => other.read()));
  const theirs = others.map((other) => other.usedCode?.counter).filter((one) => one !== undefined);
  return usedCode?.item === item ? [usedCode.counter, ...theirs] : theirs;
}

/** Okta takes the code of the step before and after: only a clock further off is corrected. */
async function clockCorrection(
  { session: { client }, interaction }: SignInAccount,
  { periodSeconds }: TotpParameters,
): Promise<number> {
  const offset = client.clockOffsetMilliseconds;
  if (Math.abs(offset) <= periodSeconds * 1000) return 0;
  const seconds = Math.round(Math.abs(offset) / 1000);
  const direction = offset > 0 ? "behind" : "ahead of";
  await interaction.say(`your clock is ${seconds} s ${direction} Okta's: corrected`);
  return offset;
}
