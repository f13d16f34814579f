/**
 * Answers the factor that Okta asks for: choose one, then do what its kind takes. Each kind has a file
 * here; Duo has a room of its own.
 *
 * @module
 */

import { NetworkError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { AuthenticatorKind, FactorChallenge } from "./authenticator.ts";
import { chooseFactor } from "./choose_factor.ts";
import type { FactorContext, SignInAccount } from "./factor_context.ts";
import { onlyInBrowser, unexpected } from "./factor_errors.ts";
import { answerPassword } from "./password.ts";
import { answerPush } from "./push.ts";
import { answerSentCode } from "./sent_code.ts";
import { answerTotp } from "./totp.ts";
import { answerQuestion, answerTypedCode } from "./typed_code.ts";

/** How often a person may choose, if the phone said no. */
const CHOICES = 3;

/**
 * Answers a challenge of either API. Returns the transaction as it goes on.
 *
 * @throws {SignInError} Okta's refusal, or a factor that a terminal can't serve.
 * @throws {InteractionError} If somebody would have to answer and nobody can.
 */
export async function answerChallenge<T>(
  account: SignInAccount,
  challenge: FactorChallenge<T>,
): Promise<T> {
  for (let left = CHOICES;; left--) {
    const chosen = await chooseFactor(account, challenge.authenticators);
    try {
      const factor = await challenge.choose(chosen);
      return await answerOne({ account, interaction: account.interaction, challenge, factor });
    } catch (error) {
      const again = left > 1 && await mayChooseAgain(account, challenge, error);
      if (!again) throw error;
      await account.interaction.say((error as OktaAwsError).message);
    }
  }
}

/** Quotas of SMS and calls, failing telephony (https://developer.okta.com/docs/reference/error-codes/). */
const USED_UP = /^(?:errors\.)?E0000(?:138|139|146|147|150|151|186|204|205)$/;
/** Okta Verify or a custom app on the phone is too old, or has no biometrics. */
const TOO_OLD = /enable[._]biometrics|non_fips_compliant|app_(?:update|upgrade)_required/;

/** Whether only this factor failed: another one may still work. */
function isFactorsOwn(error: unknown): error is OktaAwsError {
  if (!(error instanceof SignInError || error instanceof NetworkError)) return false;
  return ["push_rejected", "push_timeout"].includes(error.code) || USED_UP.test(error.code) ||
    TOO_OLD.test(error.code);
}

/**
 * Whether a person whose phone said no, or nothing, or whose factor can't be used now, may choose another factor of the same transaction:
 * if they chose from the menu (no setting, no stored secret), and there is another.
 */
async function mayChooseAgain<T>(
  { factors: { preference }, secrets, interaction }: SignInAccount,
  { authenticators }: FactorChallenge<T>,
  error: unknown,
): Promise<boolean> {
  const isNamed = preference.factorType !== undefined || preference.provider !== undefined;
  const others = authenticators.filter(({ kind }) => kind !== "browser");
  if (!isFactorsOwn(error) || isNamed || others.length < 2 || !interaction.foreground) return false;
  return (await secrets.read()).totp === undefined && await interaction.canAsk();
}

async function answerOne<T>(context: FactorContext<T>): Promise<T> {
  const answered = await answeredByPlugin(context);
  if (answered !== undefined) return answered;
  const { authenticator } = context.factor;
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
      return await context.account.factors.answerDuo(context);
    case "security_key":
      return await (await import("./answer_security_key.ts")).answerSecurityKey(context);
    case "browser":
      throw onlyInBrowser([authenticator]);
  }
}

/** The kinds that a plugin may answer: nothing is sent, and nobody has to touch a device. */
const PLUGIN_KINDS: readonly AuthenticatorKind[] = ["totp", "typed_code", "question"];

/** One try: Okta locks after a few, and the others are the person's. */
async function answeredByPlugin<T>(
  { account: { secrets, factors }, interaction, factor }: FactorContext<T>,
): Promise<T | undefined> {
  const { authenticator } = factor;
  if (!PLUGIN_KINDS.includes(authenticator.kind)) return undefined;
  if (authenticator.kind === "totp" && (await secrets.read()).totp !== undefined) {
    return undefined;
  }
  const answer = await factors.answerByPlugin(authenticator);
  if (answer === undefined) return undefined;
  const result = await factor.answer(
    authenticator.kind === "question"
      ? { kind: "question", answer }
      : { kind: "code", passCode: answer },
  );
  if (result.kind === "next") return result.transaction;
  if (result.kind !== "refused") throw unexpected(result);
  if (!["wrong", "used"].includes(result.reason)) throw result.error;
  await interaction.say("Okta rejected the plugin's answer");
  return undefined;
}
