/**
 * Answers Duo: a push, a call or a Duo passcode, whose result goes back to Okta.
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

const TRIES = 3;

/**
 * Pause between status requests. Duo delays its response until something happens, but not every
 * server does.
 */
const POLL_MILLISECONDS = 1_000;

/** Okta needs time to check the response with Duo. */
const OKTA_POLLS = 10;

/**
 * @throws {SignInError} `push_rejected`, `push_timeout`, `duo_refused`, or `factor_not_supported`
 * for the Universal Prompt.
 */
export async function answerDuo<T>(context: FactorContext<T>): Promise<T> {
  const { factor, interaction, account } = context;
  // Before the first request: without a terminal, nothing is sent.
  if (!await interaction.mayPush()) throw nobodyThere(factor.authenticator);
  const started = await factor.start();
  if (started.kind === "next") return started.transaction;
  if (started.kind !== "asks" || started.demand.kind !== "duo") throw unexpected(started);
  const { demand } = started;
  const { http, client: { clock } } = account.session;
  const frame = await openDuoFrame(demand, { http, clock });
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
  const purpose = (await account.factors.purpose()).map((line) => `  ${line}\n`).join("");
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
    const typed = withoutBlanks(
      await interaction.askSecret(`Duo: ${method.name}`, undefined, { echo: true }),
    );
    const result = await settle(context, frame, await frame.prompt(method, typed));
    if ("cookie" in result) return result.cookie;
    if (result.reason !== "wrong" || left === 1) throw result.error;
    await interaction.say("Duo rejected the passcode: try again");
  }
}

type Settled = { cookie: Secret } | { reason: RefusalReason; error: OktaAwsError };

/** Waits for the result and shows Duo's messages. */
async function settle<T>(
  { interaction, account: { session: { client: { clock } } }, factor }: FactorContext<T>,
  frame: DuoFrame,
  transaction: Secret,
): Promise<Settled> {
  const deadline = clock.now() + (interaction.patienceMilliseconds ?? Infinity);
  let said = "";
  for (;;) {
    const status = await frame.status(transaction);
    if (status.kind === "granted") return { cookie: status.cookie };
    if (status.kind === "refused") return refusal(status.reason, status.message);
    if (status.kind !== "waiting") return refusal("ended", "unknown response");
    if (clock.now() > deadline) {
      return { reason: "timeout", error: unanswered(factor.authenticator) };
    }
    if (status.message !== said) await interaction.say(`Duo: ${status.message}`);
    else await clock.sleep(POLL_MILLISECONDS);
    said = status.message;
  }
}

function unanswered({ name }: Authenticator): InteractionError {
  return new InteractionError(`timed out waiting for an answer (${name})`, {
    code: "unanswered",
    hint: "run okta-aws signin in a terminal",
  });
}

const CODES: Readonly<Partial<Record<RefusalReason, string>>> = {
  rejected: "push_rejected",
  timeout: "push_timeout",
  wrong: "wrong_passcode",
};

function refusal(reason: RefusalReason, message: string): Settled {
  const error = new SignInError(`Duo denied access: ${message}`, {
    code: CODES[reason] ?? "duo_refused",
    hint: reason === "rejected"
      ? "if you did not reject it, tell your administrator; otherwise try again"
      : "try again, or choose another factor",
  });
  return { reason, error };
}

/** Sends Okta the cookie of Duo with the half of its signature that Duo never saw. */
async function completeAtOkta<T>(
  { factor, account: { session: { client: { clock } } } }: FactorContext<T>,
  { signature }: DuoDemand,
  cookie: Secret,
): Promise<T> {
  const [, app = ""] = signature.reveal().split(":");
  const signedResponse = new Secret(`${cookie.reveal()}:${app}`);
  let result: StepResult<T> = await factor.answer({ kind: "duo", signedResponse });
  for (let poll = 0; poll < OKTA_POLLS; poll++) {
    if (result.kind === "next") return result.transaction;
    if (result.kind === "refused") throw result.error;
    await clock.sleep(POLL_MILLISECONDS);
    result = await factor.poll();
  }
  if (result.kind === "next") return result.transaction;
  throw unexpected(result);
}
