/**
 * A time-based code: computed from the stored secret, or given by another program, or typed.
 *
 * @module
 */

import type { Interaction } from "../../app/interaction.ts";
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
  await waitForNextCode(interaction, () => clock.sleep(left));
  const second = await factor.answer({ kind: "code", passCode: await oneTimeCode() });
  if (second.kind === "next") return second.transaction;
  throw unexpected(second);
}

/**
 * A code is good once: one that anybody has sent is not sent again. If the time that Okta's responses
 * name gives a wrong code, ours may be right: a proxy may have a clock of its own.
 */
async function answerComputed<T>(
  context: FactorContext<T>,
  item: string,
  parameters: TotpParameters,
): Promise<T> {
  const { account, interaction, factor } = context;
  let offset = await clockCorrection(account, parameters);
  const send = async (): Promise<StepResult<T>> => {
    const passCode = await noteAndTakeCode(account, { item, parameters, offset });
    return await factor.answer({ kind: "code", passCode });
  };
  let result = await send();
  if (offset !== 0 && isRefused(result, "wrong")) {
    await interaction.say("Okta rejected the code: trying that of this computer's clock");
    offset = 0;
    result = await send();
  }
  if (isRefused(result, "used")) result = await send();
  if (result.kind === "next") return result.transaction;
  throw unexpected(result);
}

function isRefused(result: StepResult<unknown>, reason: "wrong" | "used"): boolean {
  return result.kind === "refused" && result.reason === reason;
}

/** A code to compute. */
interface WantedCode {
  /** The stored item's id. */
  item: string;
  parameters: TotpParameters;
  /** Added to our time, milliseconds. */
  offset: number;
}

/** Noted before it is sent: a run that is killed in between must not send it twice either. */
async function noteAndTakeCode(account: SignInAccount, wanted: WantedCode): Promise<Secret> {
  const { code, counter } = await unusedCode(account, wanted);
  await account.session.state.change({ usedCode: { item: wanted.item, counter } });
  return code;
}

/** A code to be typed into Okta's page; `undefined` if neither a secret nor a program gives one. */
export async function codeToSend(account: SignInAccount): Promise<Secret | undefined> {
  const { id, totp, oneTimeCode } = await account.secrets.read();
  const take = async (item: string, secret: Secret) => {
    const parameters = parseTotpSecret(secret.reveal());
    const offset = await clockCorrection(account, parameters);
    return await noteAndTakeCode(account, { item, parameters, offset });
  };
  if (totp !== undefined) return await take(id ?? "env", totp);
  const given = await oneTimeCode?.();
  return given === undefined || isCode(given) ? given : await take(id ?? "command", given);
}

async function unusedCode(
  account: SignInAccount,
  { item, parameters, offset }: WantedCode,
): Promise<{ code: Secret; counter: number }> {
  const { interaction } = account;
  const { clock } = account.session.client;
  const spent = await spentCounters(account, item);
  for (;;) {
    const current = await totpCode(parameters, clock.now() + offset);
    // A clock that was set back by hours must not make us wait for hours.
    const isSpent = (last: number) => current.counter <= last && current.counter >= last - 1;
    if (!spent.some(isSpent)) return current;
    await interaction.say(
      `this code has been used: waiting ${current.secondsLeft} s for the next one`,
    );
    await waitForNextCode(interaction, () => clock.sleep(current.secondsLeft * 1000));
  }
}

/** Half a minute without a sign of life looks like a hang. */
async function waitForNextCode(
  { activity }: Interaction,
  sleep: () => Promise<void>,
): Promise<void> {
  const end = activity?.busy("Waiting for the next code…");
  try {
    await sleep();
  } finally {
    end?.();
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
