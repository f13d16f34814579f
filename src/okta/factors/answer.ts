/**
 * Answers whatever factor Okta asks for: choose one, then do as its kind wants.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { Authenticator, AuthenticatorKind, FactorChallenge } from "./authenticator.ts";
import { chooseFactor } from "../sign_in/choose_factor.ts";
import type { OktaAccount } from "../sign_in/okta_account.ts";
import type { FactorContext } from "./factor_context.ts";
import { onlyInBrowser, unexpected } from "./factor_errors.ts";
import { answerPassword } from "./password.ts";
import { answerPush } from "./push.ts";
import { answerQuestion } from "./question.ts";
import { answerSentCode } from "./sent_code.ts";
import { answerTotp } from "./totp.ts";
import { answerTypedCode } from "./typed_code.ts";

/**
 * Answers a challenge, whichever API's.
 *
 * @param account The Okta account.
 * @param challenge What Okta offers.
 * @returns The transaction as it goes on.
 * @throws {SignInError} Okta's refusal, or a factor that a terminal can't serve.
 * @throws {InteractionError} Where somebody would have to answer and nobody can.
 */
export async function answerChallenge<T>(
  account: OktaAccount,
  challenge: FactorChallenge<T>,
): Promise<T> {
  for (let left = CHOICES;; left--) {
    const chosen = await chooseFactor(account, challenge.authenticators);
    try {
      return await answerChosen(account, challenge, chosen);
    } catch (error) {
      const again = left > 1 && await mayChooseAgain(account, challenge, error);
      if (!again) throw error;
      await account.interaction.say((error as SignInError).message);
    }
  }
}

/** How often a person may choose, where a phone said no. */
const CHOICES = 3;

/** Somebody who has chosen from the menu, and whose phone said no, may choose again: Okta goes on. */
async function mayChooseAgain<T>(
  { preference, secrets, interaction }: OktaAccount,
  { authenticators }: FactorChallenge<T>,
  error: unknown,
): Promise<boolean> {
  const isPhones = error instanceof SignInError &&
    ["push_rejected", "push_timeout"].includes(error.code);
  const isNamed = preference.factorType !== undefined || preference.provider !== undefined;
  const others = authenticators.filter(({ kind }) => kind !== "browser");
  if (!isPhones || isNamed || others.length < 2 || !interaction.foreground) return false;
  return (await secrets()).totp === undefined && await interaction.canAsk();
}

/**
 * Answers one authenticator of a challenge.
 *
 * @param account The Okta account.
 * @param challenge What Okta offers.
 * @param chosen One of its authenticators.
 * @returns The transaction as it goes on.
 * @throws As {@linkcode answerChallenge}.
 */
export async function answerChosen<T>(
  account: OktaAccount,
  challenge: FactorChallenge<T>,
  chosen: Authenticator,
): Promise<T> {
  const session = await challenge.choose(chosen);
  return await answerOne({ account, interaction: account.interaction, challenge, session });
}

async function answerOne<T>(context: FactorContext<T>): Promise<T> {
  const answered = await answeredByPlugin(context);
  if (answered !== undefined) return answered;
  const { authenticator } = context.session;
  switch (authenticator.kind) {
    case "totp":
      return await answerTotp(context);
    case "typed_code":
      return await answerTypedCode(context);
    case "sent_code":
      return await answerSentCode(context);
    case "question":
      return await answerQuestion(context);
    case "password":
      return await answerPassword(context);
    case "push":
      return await answerPush(context);
    case "duo":
      return await (await import("../duo/answer_duo.ts")).answerDuo(context);
    case "security_key":
      return await (await import("./answer_security_key.ts")).answerSecurityKey(context);
    case "browser":
      throw onlyInBrowser([authenticator]);
  }
}

/** The kinds for which a plugin may know the answer: nothing is sent, and nobody has to touch a device. */
const PLUGIN_KINDS: readonly AuthenticatorKind[] = ["totp", "typed_code", "question"];

/** One try: Okta locks after a few, and those that are left are the person's. */
async function answeredByPlugin<T>(
  { account, interaction, session }: FactorContext<T>,
): Promise<T | undefined> {
  const { authenticator } = session;
  if (!PLUGIN_KINDS.includes(authenticator.kind)) return undefined;
  if (authenticator.kind === "totp" && (await account.secrets()).totp !== undefined) {
    return undefined;
  }
  const answer = await account.answerByPlugin(authenticator);
  if (answer === undefined) return undefined;
  const result = await session.answer(
    authenticator.kind === "question"
      ? { kind: "question", answer }
      : { kind: "code", passCode: answer },
  );
  if (result.kind === "next") return result.transaction;
  if (result.kind !== "refused") throw unexpected(result);
  if (!["wrong", "used"].includes(result.reason)) throw result.error;
  await interaction.say("Okta did not accept the plugin's answer");
  return undefined;
}
