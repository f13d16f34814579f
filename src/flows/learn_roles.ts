/**
 * Asks Okta what it grants: the assertion of every AWS app of an account.
 *
 * @module
 */

import { AssertionError, type OktaAwsError, SettingsError } from "../errors.ts";
import { grantedRoles, type RoleList } from "../store/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import type { AppAssertion } from "./obtain_assertion.ts";
import { isOfOneApp } from "./page_errors.ts";
import { accountName } from "./account_settings.ts";
import { type OktaAccount, openAccount } from "./okta_account.ts";
import type { Program } from "./program.ts";
import { nameAndRememberRoles, rememberRoles } from "./remember_roles.ts";
import { newEnough, sharedAssertion } from "./shared_assertion.ts";

/** The assertions of an account's apps. */
export interface FetchedAssertions {
  /** One for each app that gave one. */
  fetched: AppAssertion[];
  /** Why the others gave none, by their URLs. */
  failed: ReadonlyMap<string, OktaAwsError>;
}

/**
 * Fetches the assertions of all apps of an account. What they grant is remembered. An app that the
 * person has lost, or that is out of order, does not stop the others.
 *
 * @param program The run.
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @returns At least one; the person has been told of the others.
 * @throws {SettingsError} `no_app`
 * @throws {SignInError} Where the sign-in itself fails, or every app does.
 */
export async function fetchAssertions(
  program: Program,
  account: OktaAccount,
  conversation: Conversation,
): Promise<FetchedAssertions> {
  if (account.apps.length === 0) {
    throw new SettingsError(`the settings of ${account.name} name no AWS app`, {
      code: "no_app",
      hint: "run: okta-aws init",
    });
  }
  // What Okta granted minutes ago is not the question here.
  const notBefore = newEnough(conversation, program.ports.clock.now());
  const fetched: AppAssertion[] = [];
  const failed = new Map<string, OktaAwsError>();
  // One after the other: the first signs in, the others use its session.
  for (const app of account.apps) {
    try {
      fetched.push(await sharedAssertion(program, account, conversation, app, notBefore));
    } catch (error) {
      if (!isOfOneApp(error)) throw error;
      failed.set(app, error);
    }
  }
  await tellFailed(conversation, fetched, failed);
  for (const skipped of fetched.flatMap(({ assertion }) => assertion.skippedRoles)) {
    await conversation.say(`skipped, not a role: ${showUntrusted(skipped)}`);
  }
  return { fetched, failed };
}

/**
 * Tells which apps are left out; where none is left, that is the failure.
 *
 * @param conversation Who is told.
 * @param fetched The others' assertions.
 * @param failed The apps' errors by their URLs.
 */
export async function tellFailed(
  conversation: Conversation,
  fetched: readonly AppAssertion[],
  failed: ReadonlyMap<string, OktaAwsError>,
): Promise<void> {
  for (const [app, error] of failed) {
    if (fetched.length === 0) throw error;
    await conversation.say(`left out: ${showUntrusted(app)}: ${error.message}`);
  }
}

/**
 * Asks what Okta grants and remembers it.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @returns The account's role list.
 * @throws {AssertionError} `no_roles`
 */
export async function learnRoles(
  program: Program,
  conversation: Conversation,
): Promise<RoleList> {
  const account = await openAccount(program, accountName(program), conversation);
  const { fetched } = await fetchAssertions(program, account, conversation);
  // An assertion that was kept may know more than a list that has been lost.
  const list = conversation.foreground
    ? await nameAndRememberRoles(program, account, fetched)
    : await rememberRoles(program, account.name, fetched);
  if (grantedRoles(list).length === 0) throw noRoles();
  return list;
}

/**
 * The error of an assertion without a role.
 *
 * @returns The error, to be thrown.
 */
export function noRoles(): AssertionError {
  return new AssertionError("the assertion grants you no role", {
    code: "no_roles",
    hint: "ask your Okta administrator for one, or check that this is the right AWS app",
  });
}
