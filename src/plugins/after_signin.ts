/**
 * The hook `postSignin`.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
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
 * @param signedIn Who has signed in.
 */
export async function runAfterSignin(
  context: AppContext,
  { account, username, org, expiresAt }: SignedIn,
): Promise<void> {
  if (!await hasPlugins(context)) return;
  const expiration = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
  const event = { ...commonEvent(context, account), username, org, expiration };
  await tellFailures(
    context.interaction,
    await runHook(
      context,
      "postSignin",
      () => event,
      consoleRequests(context),
    ),
  );
}
