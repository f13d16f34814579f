/**
 * The assertion of every AWS app of an account.
 *
 * @module
 */

import { NetworkError, type OktaAwsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { newEnough, noApp, type SharedAssertion, sharedAssertion } from "./shared_assertion.ts";

type PageErrors = typeof import("../okta/sign_in/page_errors.ts");
type RememberRoles = typeof import("../roles/remember_roles.ts");

/** Assertions and failures by the app's URL. */
export interface FetchedAssertions {
  /** At least one. */
  fetched: SharedAssertion[];
  failed: ReadonlyMap<string, OktaAwsError>;
}

/**
 * Fetches the assertions of all apps of an account, and tells the person about those that failed.
 * An app that the person has lost, or that is out of order, does not stop the others. What they
 * grant is left to the caller to store, all at once.
 *
 * @param onBegun Called when the sign-in waits for Okta's first answer.
 * @throws {SettingsError} `no_app`
 * @throws {SignInError} If the sign-in itself fails, or every app does.
 */
export async function fetchAssertions(
  context: AppContext,
  account: OktaAccount,
  onBegun?: () => void,
): Promise<FetchedAssertions> {
  if (account.apps.length === 0) throw noApp(account.name);
  // What Okta granted minutes ago is not the question here.
  const notBefore = newEnough(context.interaction, context.ports.clock.now());
  const fetched: SharedAssertion[] = [];
  const failed = new Map<string, OktaAwsError>();
  // One after the other: the first signs in, the others use its session.
  for (const app of account.apps) {
    try {
      const request = { app, notBefore, remember: false, onBegun };
      fetched.push(await sharedAssertion(context, account, request));
    } catch (error) {
      if (!await concernsOneApp(account, error)) {
        await rememberFetched(context, account, fetched);
        throw error;
      }
      failed.set(app, error as OktaAwsError);
    }
  }
  await tellFailed(context.interaction, fetched, failed);
  for (const skipped of fetched.flatMap(({ assertion }) => assertion.skippedRoles)) {
    await context.interaction.say(`skipped, not a role ARN: ${showUntrusted(skipped)}`);
  }
  return { fetched, failed };
}

async function concernsOneApp(account: OktaAccount, error: unknown): Promise<boolean> {
  const { isOfOneApp } = await import("../okta/sign_in/page_errors.ts" as string) as PageErrors;
  return isOfOneApp(error) || await isDeadPage(account, error);
}

async function rememberFetched(
  context: AppContext,
  { name }: OktaAccount,
  fetched: readonly SharedAssertion[],
): Promise<void> {
  if (fetched.length === 0) return;
  const { rememberRoles } = await import("../roles/remember_roles.ts" as string) as RememberRoles;
  await rememberRoles(context, name, fetched);
}

/** Whether only this app's page doesn't answer: Okta itself has let the person in. */
async function isDeadPage(
  { session }: OktaAccount,
  error: unknown,
): Promise<boolean> {
  const isAnswer = error instanceof NetworkError &&
    ["timeout", "bad_answer", "reset", "E0000009", "E0000047"].includes(error.code);
  return isAnswer && await session.kept.signedInAt() !== undefined;
}

/** @throws The first failure if nothing was fetched. */
export async function tellFailed(
  interaction: Interaction,
  fetched: readonly unknown[],
  failed: ReadonlyMap<string, OktaAwsError>,
): Promise<void> {
  for (const [app, error] of failed) {
    if (fetched.length === 0) throw error;
    await interaction.say(`skipped: ${showUntrusted(app)}: ${error.message}`);
  }
}
