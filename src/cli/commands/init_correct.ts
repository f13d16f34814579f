/** What `init` asks after a refusal: nothing that was typed is lost. @module */

import {
  Fault,
  InterruptedError,
  OktaAwsError,
  SecretStoreError,
  SignInError,
  UsageError,
} from "../../errors.ts";
import type { Choice } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { InitStart, SignInPlace } from "./init_questions.ts";
import { type InitAnswers, type OktaStep, oktaSteps, takeSteps } from "./init_steps.ts";

/** How often Okta may refuse: an account locks after five by default. */
const TRIES = 3;

/** Okta's codes for a wrong user name or password: the authn API's, and Identity Engine's. */
const WRONG_PASSWORD = ["E0000004", "errors.E0000004", "incorrectPassword"];

/** The same for a one-time code. */
const WRONG_CODE = /^(?:errors\.)?E0000068$|PASSCODE_INVALID|invalid_passcode/;

/**
 * Returns a function that asks again for what an error is about, and changes the answers; it throws
 * the error if nobody can answer, or if the person gives up.
 */
export function corrector(
  start: InitStart,
  answers: InitAnswers,
): (error: unknown) => Promise<void> {
  // Another user name is another account: it starts with all its tries.
  const refused = new Map<string, number>();
  let wrongCodes = 0;
  return async (error) => {
    if (!await isCorrectable(start, error)) throw error;
    const { asker, invocation: { flags } } = start;
    const { username = "", password, totp } = answers;
    if (isRefusal(error) && password !== undefined && WRONG_PASSWORD.includes(error.code)) {
      const tries = (refused.get(username) ?? 0) + 1;
      refused.set(username, tries);
      if (tries === TRIES) throw error;
      await asker.tell(`${error.message}\n${attempts(tries)}`);
      const corrected = flags.username ?? await asker.usernameAgain(username);
      const isOther = corrected !== username;
      answers.username = corrected;
      answers.password = await asker.passwordAgain(corrected, isOther) ?? password;
    } else if (isRefusal(error) && totp !== undefined && WRONG_CODE.test(error.code)) {
      wrongCodes += 1;
      if (wrongCodes === TRIES) throw error;
      await asker.tell(`Okta refused the code of this TOTP secret\n${attempts(wrongCodes)}`);
      answers.totp = await asker.totp(undefined);
    } else {
      await askWhatToChange(start, answers, error);
    }
  };
}

function isRefusal(error: unknown): error is SignInError {
  return error instanceof SignInError;
}

async function isCorrectable(
  { context, invocation: { flags } }: InitStart,
  error: unknown,
): Promise<boolean> {
  if (!(error instanceof OktaAwsError) || flags.secretsStdin) return false;
  const ends = [InterruptedError, UsageError, Fault, SecretStoreError];
  return !ends.some((end) => error instanceof end) && await context.interaction.canAsk();
}

function attempts(made: number): string {
  return `Attempt ${made + 1} of ${TRIES}. Too many failures lock your account.`;
}

/** A menu of what was answered. */
async function askWhatToChange(
  start: InitStart,
  answers: InitAnswers,
  thrown: unknown,
): Promise<void> {
  const error = thrown as OktaAwsError;
  const { asker } = start;
  const hint = error.hint === undefined ? "" : `\n  ${error.hint.replaceAll("\n", "\n  ")}`;
  await asker.tell(`${error.message}${hint}`);
  const chosen = await asker.menu("What now (your answers are kept)", [
    { name: "try again", value: "again" as const },
    ...changes(start, answers),
    { name: "quit", value: "quit" as const },
  ]);
  if (chosen === "quit") throw error;
  if (chosen === "again") return;
  const org = orgOf(answers.place);
  const steps = oktaSteps(start, answers);
  await takeSteps(start, [steps[chosen]]);
  const isElsewhere = chosen === "address" && orgOf(answers.place) !== org;
  // One org's password must not be sent to another.
  if (isElsewhere) delete answers.password, delete answers.totp;
  if (isElsewhere) await takeSteps(start, [steps.username, steps.password, steps.totp]);
  if (chosen === "username") await takeSteps(start, [steps.password]);
}

function orgOf(place: SignInPlace | undefined): string | undefined {
  return place !== undefined && "org" in place ? place.org : undefined;
}

/** One entry for each question that was asked. */
function changes({ asker: { steps } }: InitStart, answers: InitAnswers): Choice<OktaStep>[] {
  const { place, username = "" } = answers;
  const address = place === undefined ? "" : "org" in place ? place.app ?? place.org : place.portal;
  const names: Record<OktaStep, string> = {
    address: `change the link or org: ${showUntrusted(address ?? "")}`,
    username: `change the user name: ${showUntrusted(username)}`,
    password: "change the password",
    totp: "change the TOTP secret",
  };
  return (Object.keys(names) as OktaStep[]).filter((step) => steps.includes(step))
    .map((step) => ({ name: names[step], value: step }));
}
