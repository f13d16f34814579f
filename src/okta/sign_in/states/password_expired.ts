/**
 * A password that soon has to be another one, or has to now.
 *
 * @module
 */

import { SignInError } from "../../../errors.ts";
import type { PasswordChange, PasswordWarning } from "../../factors/password_change.ts";
import { describePasswordRules } from "../../factors/password_rules.ts";
import type { Secret } from "../../../secret.ts";
import { showUntrusted } from "../../../untrusted_text.ts";
import type { Interaction } from "../../../app/interaction.ts";
import { unexpected } from "../../factors/factor_errors.ts";
import type { OktaAccount } from "../okta_account.ts";

/** How many new passwords a person may try. */
const TRIES = 5;

/**
 * Tells that the password expires soon, and goes on with it.
 *
 * @param warning Okta's warning.
 * @returns What Okta asks for next.
 */
export async function skipPasswordWarning<T>(
  interaction: Interaction,
  { days, skip }: PasswordWarning<T>,
): Promise<T> {
  if (skip === undefined) throw hasExpired("Okta asks for a new password");
  await interaction.say(`your Okta password expires ${inDays(days)}`);
  return await skip();
}

function inDays(days: number | undefined): string {
  if (days === undefined) return "soon";
  if (days <= 0) return "today";
  return days === 1 ? "tomorrow" : `in ${days} days`;
}

function hasExpired(message: string): SignInError {
  return new SignInError(message, {
    code: "PASSWORD_EXPIRED",
    hint: "change it in a terminal: okta-aws signin; or in the browser, then store the new one: " +
      "okta-aws init",
  });
}

/**
 * Asks for a new password until Okta takes one, and stores it where the old one was stored.
 *
 * @param account The Okta account.
 * @param change What Okta asks for; `undefined` where it gives no way to do it.
 * @param typed The old password, where it was sent in this sign-in.
 * @returns What Okta asks for next.
 * @throws {SignInError} `PASSWORD_EXPIRED` where nobody can be asked, or Okta's refusal.
 */
export async function changePassword<T>(
  account: OktaAccount,
  change: PasswordChange<T> | undefined,
  typed: Secret | undefined,
): Promise<T> {
  if (change === undefined || !await account.interaction.canAsk()) {
    throw hasExpired("your Okta password has expired");
  }
  const { complexity, wantsOld } = change;
  await account.interaction.show("your Okta password has expired: choose a new one\n");
  if (complexity !== undefined) {
    await account.interaction.show(`it needs ${describePasswordRules(complexity)}\n`);
  }
  const old = wantsOld ? await oldPasswordOf(account, typed) : undefined;
  for (let left = TRIES;; left--) {
    const newPassword = await askTwice(account.interaction);
    const result = await change.send(newPassword, old);
    if (result.kind === "next") {
      await storeNew(account, newPassword);
      return result.transaction;
    }
    if (result.kind !== "refused" || left === 1) throw unexpected(result);
    await account.interaction.show(`Okta did not take it: ${result.says}\n`);
  }
}

async function oldPasswordOf(
  account: OktaAccount,
  typed: Secret | undefined,
): Promise<Secret> {
  return typed ?? (await account.secrets()).password ??
    await account.interaction.askSecret("Old Okta password");
}

/** Nobody sees what they type: a slip would lock them out. */
async function askTwice(interaction: Interaction): Promise<Secret> {
  for (;;) {
    const first = await interaction.askSecret("New Okta password");
    if (first.reveal() === "") continue;
    const second = await interaction.askSecret("Once more");
    if (first.reveal() === second.reveal()) return first;
    await interaction.show("these were not the same\n");
  }
}

/** Okta has the new one already: what fails now must say so. */
async function storeNew(
  account: OktaAccount,
  password: Secret,
): Promise<void> {
  const { password: stored, id } = await account.secrets();
  if (stored === undefined) return await account.interaction.show("the password is changed\n");
  if (id === undefined) {
    return await account.interaction.show(
      "the password is changed: set OKTA_AWS_PASSWORD, or what password_command prints, to it\n",
    );
  }
  try {
    await account.replacePassword(password);
    await account.interaction.show("the password is changed, and the new one is stored\n");
  } catch (error) {
    const why = error instanceof Error ? showUntrusted(error.message) : "unknown";
    await account.interaction.show(
      `the password is changed at Okta, but could not be stored (${why}): run okta-aws init\n`,
    );
  }
}
