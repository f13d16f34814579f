/**
 * `signin`: an Okta session for the commands that come.
 *
 * @module
 */

import { restoreSession } from "../../flows/kept_session.ts";
import { signInTo } from "../../flows/obtain_assertion.ts";
import { accountName } from "../../flows/account_settings.ts";
import { openAccount } from "../../flows/okta_account.ts";
import { openForeground } from "../../flows/open_foreground.ts";
import { runAfterSignin } from "../../flows/plugins/after_signin.ts";
import { currentSession } from "../../okta/sessions.ts";
import { withAccountLock } from "../../store/account_lock.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { Invocation } from "../command_table.ts";
import { formatMoment } from "../report.ts";

/**
 * Signs in, unless the session is still alive.
 *
 * @param invocation The command line.
 */
export async function runSignin({ ports, flags }: Invocation): Promise<void> {
  const { program, conversation } = await openForeground(ports, flags);
  const account = await openAccount(program, accountName(program), conversation);
  const { client, name, username, org, apps } = account;
  const onWait = () => void conversation.say("waiting for another okta-aws that signs in");
  await withAccountLock(ports.files, program.paths.cache, name, onWait, async () => {
    const alive = await restoreSession(account) && (await currentSession(client)).active;
    if (!alive) {
      client.jar.keepOnly(["DT"]);
      await signInTo(account, conversation, apps[0] ?? `${org}/`);
    }
  });
  const { expiresAt } = await currentSession(client);
  const signedIn = { account: name, username, org, expiresAt };
  await runAfterSignin(program, conversation, signedIn);
  const who = `${showUntrusted(username)} at ${new URL(org).host}`;
  if (flags.json) {
    const expiration = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
    return ports.output.answer(`${JSON.stringify({ account: name, username, org, expiration })}\n`);
  }
  const until = expiresAt === undefined
    ? ""
    : ` until ${formatMoment(expiresAt, ports.clock.now())}`;
  await conversation.say(`signed in as ${who}${until}`);
}
