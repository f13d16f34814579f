/**
 * A password that has to be changed, soon or now, whichever of Okta's APIs says so.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StepResult } from "./authenticator.ts";
import type { SignInAccount } from "./factor_context.ts";
import { unexpected } from "./factor_errors.ts";

/** The org's password policy; what it does not say is `undefined`. */
export interface PasswordComplexity {
  minLength: number | undefined;
  minLowerCase: number | undefined;
  minUpperCase: number | undefined;
  /** Digits. */
  minNumber: number | undefined;
  minSymbol: number | undefined;
  /** Whether no part of the user name may be in it. */
  excludeUsername: boolean | undefined;
  /** How many old passwords may not come back. */
  historyCount: number | undefined;
}

/** A change of the password that Okta asks for. `T` is the transaction of the API behind it. */
export interface PasswordChange<T> {
  readonly complexity: PasswordComplexity | undefined;
  /** Whether the old one is wanted once more. */
  readonly wantsOld: boolean;
  /**
   * Sends the new one. `refused`: Okta would take another.
   *
   * @throws {SignInError} Any other refusal.
   */
  send(newPassword: Secret, oldPassword: Secret | undefined): Promise<StepResult<T>>;
}

/** A password that expires soon. */
export interface PasswordWarning<T> {
  /** Days that are left, if Okta says. */
  readonly days: number | undefined;
  /** Goes on with the old one; `undefined` if Okta insists on a new one. */
  readonly skip: (() => Promise<T>) | undefined;
}

/** How many new passwords a person may try. */
const TRIES = 5;

/** Tells that the password expires soon, and goes on with it. */
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
    hint:
      "change it in a terminal: okta-aws signin; or in the browser, and store it: okta-aws init",
  });
}

/**
 * Asks for a new password until Okta takes one, and stores it where the old one was stored.
 *
 * @param change `undefined` if Okta gives no way to do it here.
 * @param typed The old password, if it was sent in this sign-in.
 * @throws {SignInError} `PASSWORD_EXPIRED` if nobody can be asked, or Okta's refusal.
 */
export async function changePassword<T>(
  account: SignInAccount,
  change: PasswordChange<T> | undefined,
  typed: Secret | undefined,
): Promise<T> {
  const { interaction } = account;
  if (change === undefined || !await interaction.canAsk()) {
    throw hasExpired("your Okta password has expired");
  }
  const { complexity, wantsOld } = change;
  await interaction.show("your Okta password has expired: choose a new one\n");
  if (complexity !== undefined) {
    await interaction.show(`it needs ${describePasswordRules(complexity)}\n`);
  }
  const old = wantsOld ? await oldPasswordOf(account, typed) : undefined;
  for (let left = TRIES;; left--) {
    const newPassword = await askTwice(interaction);
    const result = await change.send(newPassword, old);
    if (result.kind === "next") {
      await storeNew(account, newPassword);
      return result.transaction;
    }
    if (result.kind !== "refused" || left === 1) throw unexpected(result);
    await interaction.show(`Okta rejected it: ${result.says}\n`);
  }
}

/** For each member: the rule for one, for several. */
const RULES: readonly [keyof PasswordComplexity, string, string][] = [
  ["minLength", "at least 1 character", "at least # characters"],
  ["minLowerCase", "a lower-case letter", "# lower-case letters"],
  ["minUpperCase", "an upper-case letter", "# upper-case letters"],
  ["minNumber", "a number", "# numbers"],
  ["minSymbol", "a symbol", "# symbols"],
];

/**
 * `at least 8 characters, a number, no part of the user name`. A member that is 0, negative or missing
 * asks for nothing.
 */
export function describePasswordRules(complexity: PasswordComplexity): string {
  const rules = RULES.flatMap(([member, one, several]) => {
    const count = Number(complexity[member] ?? 0);
    if (!(count > 0)) return [];
    return [count === 1 ? one : several.replace("#", String(count))];
  });
  if (complexity.excludeUsername === true) rules.push("no part of the user name");
  const { historyCount = 0 } = complexity;
  if (historyCount > 0) rules.push(`different from the last ${historyCount}`);
  return rules.join(", ") || "any characters";
}

async function oldPasswordOf(
  { secrets, interaction }: SignInAccount,
  typed: Secret | undefined,
): Promise<Secret> {
  return typed ?? (await secrets.read()).password ??
    await interaction.askSecret("Old Okta password");
}

/** Nobody sees what they type: a slip would lock them out. */
async function askTwice(interaction: Interaction): Promise<Secret> {
  for (;;) {
    const first = await interaction.askSecret("New Okta password");
    if (first.reveal() === "") continue;
    const second = await interaction.askSecret("Confirm new Okta password");
    if (first.reveal() === second.reveal()) return first;
    await interaction.show("Passwords don't match.\n");
  }
}

/** Okta has the new one already: an error from here on must say so. */
async function storeNew(
  { secrets, interaction }: SignInAccount,
  password: Secret,
): Promise<void> {
  const { password: stored, id } = await secrets.read();
  if (stored === undefined) return await interaction.show("password changed\n");
  if (id === undefined) {
    return await interaction.show(
      "password changed: set OKTA_AWS_PASSWORD, or the output of password_command, to it\n",
    );
  }
  try {
    await secrets.replacePassword(password);
    await interaction.show("password changed and stored\n");
  } catch (error) {
    const why = error instanceof Error ? showUntrusted(error.message) : "unknown";
    await interaction.show(
      `password changed at Okta, but not stored (${why}): run okta-aws init\n`,
    );
  }
}
