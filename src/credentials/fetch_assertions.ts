/**
 * The assertions of all AWS apps of an account.
 *
 * @module
 */

import { type OktaAwsError, SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { isOfOneApp } from "../okta/sign_in/page_errors.ts";
import { newEnough, sharedAssertion } from "./shared_assertion.ts";

export interface FetchedAssertions {
  fetched: AppAssertion[];
  /** Why the others gave none, by their URLs. */
  failed: ReadonlyMap<string, OktaAwsError>;
}

/**
 * Fetches the assertions of all apps of an account, at least one; what they grant is remembered. An
 * app that
 * the person has lost, or that is out of order, does not stop the others.
 *
 * @throws {SettingsError} `no_app`
 * @throws {SignInError} If the sign-in itself fails, or every app does.
 */
export async function fetchAssertions(
  context: AppContext,
  account: OktaAccount,
): Promise<FetchedAssertions> {
  if (account.apps.length === 0) {
    throw new SettingsError(`account ${account.name} has no AWS app in the settings`, {
      code: "no_app",
      hint: "run: okta-aws init",
    });
  }
  // What Okta granted minutes ago does not count here.
  const notBefore = newEnough(context.interaction, context.ports.clock.now());
  const fetched: AppAssertion[] = [];
  const failed = new Map<string, OktaAwsError>();
  // One after the other: the first signs in, the others use its session.
  for (const app of account.apps) {
    try {
      fetched.push(await sharedAssertion(context, account, app, notBefore));
    } catch (error) {
      if (!isOfOneApp(error)) throw error;
      failed.set(app, error);
    }
  }
  await tellFailed(context.interaction, fetched, failed);
  for (const skipped of fetched.flatMap(({ assertion }) => assertion.skippedRoles)) {
    await context.interaction.say(`skipped, not a role: ${showUntrusted(skipped)}`);
  }
  return { fetched, failed };
}

/**
 * Tells which apps were skipped; throws if none is left.
 *
 * @param failed The apps' errors by their URLs.
 */
export async function tellFailed(
  interaction: Interaction,
  fetched: readonly AppAssertion[],
  failed: ReadonlyMap<string, OktaAwsError>,
): Promise<void> {
  for (const [app, error] of failed) {
    if (fetched.length === 0) throw error;
    await interaction.say(`skipped ${showUntrusted(app)}: ${error.message}`);
  }
}
