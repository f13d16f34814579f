/**
 * Duo: a push, a call or a passcode of its own, asked for at Duo and taken back to Okta.
 *
 * @module
 */

import { InteractionError, type OktaAwsError, SignInError } from "../../errors.ts";
import type {
  Authenticator,
  DuoDemand,
  RefusalReason,
  StepResult,
} from "../factors/authenticator.ts";
import { type DuoFrame, openDuoFrame } from "./duo.ts";
import type { DuoMethod } from "./duo_prompt_page.ts";
import { Secret } from "../../secret.ts";
import { chooseDuoMethod } from "./choose_duo_method.ts";
import type { FactorContext } from "../factors/factor_context.ts";
import { nobodyThere, unexpected } from "../factors/factor_errors.ts";
import { withoutBlanks } from "../factors/typed_code.ts";

/** How often a person may mistype a passcode. */
const TRIES = 3;

/** Duo holds its answer back until something happens; a server that does not is not to be flooded. */
const POLL_MILLISECONDS = 1_000;

/** How often Okta is asked whether it has seen Duo's answer, which it checks by itself. */
const OKTA_POLLS = 10;

/**
 * Answers Duo.
 *
 * @param context The factor and who answers it.
 * @returns The transaction as it goes on.
 * @throws {SignInError} `push_rejected`, `push_timeout`, `duo_refused`; `factor_not_supported` where
 * Duo asks by its Universal Prompt.
 */
export async function answerDuo<T>(context: FactorContext<T>): Promise<T> {
  const { session, interaction, account } = context;
  // Before anything is started: nobody there, nothing is sent.
  if (!await interaction.mayPush()) throw nobodyThere(session.authenticator);
  const started = await session.start();
  if (started.kind === "next") return started.transaction;
  if (started.kind !== "asks" || started.demand.kind !== "duo") throw unexpected(started);
  const { demand } = started;
  const frame = await openDuoFrame(demand, { http: account.http, clock: account.client.clock });
  const method = await chooseDuoMethod(context, frame.methods);
  const cookie = method.factor === "Passcode"
    ? await askPasscode(context, frame, method)
    : await waitForPerson(context, frame, method);
  return await completeAtOkta(context, demand, cookie);
}

async function waitForPerson<T>(
  context: FactorContext<T>,
  frame: DuoFrame,
  method: DuoMethod,
): Promise<Secret> {
  const { interaction, account } = context;
  const purpose = (await account.purpose()).map((line) => `  ${line}\n`).join("");
  await interaction.show(`Duo: ${method.name}\n${purpose}`);
  const transaction = await frame.prompt(method);
  const result = await settle(context, frame, transaction);
  if ("cookie" in result) return result.cookie;
  throw result.error;
}

async function askPasscode<T>(
  context: FactorContext<T>,
  frame: DuoFrame,
  method: DuoMethod,
): Promise<Secret> {
  const { interaction } = context;
  for (let left = TRIES;; left--) {
    const typed = withoutBlanks(await interaction.askSecret(`Duo: ${method.name}`));
    const result = await settle(context, frame, await frame.prompt(method, typed));
    if ("cookie" in result) return result.cookie;
    if (result.reason !== "wrong" || left === 1) throw result.error;
    await interaction.say("Duo did not accept this passcode: try again");
  }
}

type Settled = { cookie: Secret } | { reason: RefusalReason; error: OktaAwsError };

/** Waits until Duo says yes or no, telling what it says meanwhile. */
async function settle<T>(
  { interaction, account: { client: { clock } }, session }: FactorContext<T>,
  frame: DuoFrame,
  transaction: Secret,
): Promise<Settled> {
  const deadline = clock.now() + (interaction.patienceMilliseconds ?? Infinity);
  let said = "";
  for (;;) {
    const status = await frame.status(transaction);
    if (status.kind === "granted") return { cookie: status.cookie };
    if (status.kind === "refused") return refusal(status.reason, status.message);
    if (status.kind !== "waiting") return refusal("ended", "an answer that is not known");
    if (clock.now() > deadline) {
      return { reason: "timeout", error: unanswered(session.authenticator) };
    }
    if (status.message !== said) await interaction.say(`Duo: ${status.message}`);
    else await clock.sleep(POLL_MILLISECONDS);
    said = status.message;
  }
}

function unanswered({ name }: Authenticator): InteractionError {
  return new InteractionError(`nobody answered in time (${name})`, {
    code: "unanswered",
    hint: "run: okta-aws signin",
  });
}

const CODES: Readonly<Partial<Record<RefusalReason, string>>> = {
  rejected: "push_rejected",
  timeout: "push_timeout",
  wrong: "wrong_passcode",
};

function refusal(reason: RefusalReason, message: string): Settled {
  const error = new SignInError(`Duo does not let you in: ${message}`, {
    code: CODES[reason] ?? "duo_refused",
    hint: reason === "rejected"
      ? "if it was not you who rejected it, tell your administrator; else run the command again"
      : "run the command again, or choose another factor",
  });
  return { reason, error };
}

/** Okta gets Duo's cookie, with the half of its own signature that Duo never saw. */
async function completeAtOkta<T>(
  { session, account: { client: { clock } } }: FactorContext<T>,
  { signature }: DuoDemand,
  cookie: Secret,
): Promise<T> {
  const [, app = ""] = signature.reveal().split(":");
  const signedResponse = new Secret(`${cookie.reveal()}:${app}`);
  let result: StepResult<T> = await session.answer({ kind: "duo", signedResponse });
  for (let poll = 0; poll < OKTA_POLLS; poll++) {
    if (result.kind === "next") return result.transaction;
    if (result.kind === "refused") throw result.error;
    await clock.sleep(POLL_MILLISECONDS);
    result = await session.poll();
  }
  if (result.kind === "next") return result.transaction;
  throw unexpected(result);
}
