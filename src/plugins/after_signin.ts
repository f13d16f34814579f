/**
 * The hook `postSignin`.
 *
 * @module
 */

import type { Conversation } from "../app/interaction.ts";
import type { Program } from "../app/context.ts";
import { consoleRequests } from "./console_requests.ts";
import { hasPlugins } from "./has_plugins.ts";
import { commonEvent } from "./plugin_events.ts";
import { runHook, tellFailures } from "./run_hook.ts";

/** Who has signed in where. */
export interface SignedIn {
  /** The account's name. */
  account: string;
  /** The user name; `null` at IAM Identity Center, where a browser alone knows it. */
  username: string | null;
  /** The org's origin, or the portal. */
  org: string;
  /** When the session ends, milliseconds since the Unix epoch, where Okta says. */
  expiresAt: number | undefined;
}

/**
 * Runs `postSignin`; failures are told, nothing else.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param signedIn Who has signed in.
 */
export async function runAfterSignin(
  program: Program,
  conversation: Conversation,
  { account, username, org, expiresAt }: SignedIn,
): Promise<void> {
  if (!await hasPlugins(program)) return;
  const expiration = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  const event = { ...commonEvent(program, account), username, org, expiration };
  await tellFailures(
    conversation,
    await runHook(
      program,
      conversation,
      "postSignin",
      () => event,
      consoleRequests(program, conversation),
    ),
  );
}
