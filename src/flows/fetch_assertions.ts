/**
 * The assertion of every AWS app of an account.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import type { AppAssertion } from "./obtain_assertion.ts";
import type { OktaAccount } from "./okta_account.ts";
import type { Program } from "./program.ts";
import { sharedAssertion } from "./shared_assertion.ts";

/**
 * Fetches the assertions of all apps of an account. What they grant is remembered.
 *
 * @param program The run.
 * @param account The Okta account.
 * @param conversation Who is told and asked.
 * @returns One for each app.
 * @throws {SettingsError} `no_app`
 */
export async function fetchAssertions(
  program: Program,
  account: OktaAccount,
  conversation: Conversation,
): Promise<AppAssertion[]> {
  if (account.apps.length === 0) {
    throw new SettingsError(`the settings of ${account.name} name no AWS app`, {
      code: "no_app",
      hint: "run: okta-aws init",
    });
  }
  // What Okta granted minutes ago is not the question here.
  const asked = program.ports.clock.now();
  const fetched: AppAssertion[] = [];
  // One after the other: the first signs in, the others use its session.
  for (const app of account.apps) {
    fetched.push(await sharedAssertion(program, account, conversation, app, asked));
  }
  for (const skipped of fetched.flatMap(({ assertion }) => assertion.skippedRoles)) {
    await conversation.say(`skipped, not a role: ${showUntrusted(skipped)}`);
  }
  return fetched;
}
