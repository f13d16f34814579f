/**
 * `signout`: ends the Okta session; `--all` and `--forget` go further.
 *
 * @module
 */

import { openConversation } from "../../app/interaction.ts";
import { accountName } from "../../settings/account_settings.ts";
import { isIdentityCenter } from "../../identity_center/sso_account.ts";
import { type OktaAccount, openAccount } from "../../okta/sign_in/okta_account.ts";
import { openProgram } from "../../app/context.ts";
import { forgetAll, forgetSecrets, signOut } from "../../accounts/sign_out.ts";
import { signOutOfPortal } from "../../identity_center/sso_sign_out.ts";
import type { Invocation } from "../command_table.ts";

/**
 * Signs out.
 *
 * @param invocation The command line.
 */
export async function runSignout({ ports, flags }: Invocation): Promise<void> {
  const program = await openProgram(ports, flags);
  const conversation = openConversation(program, "foreground");
  const name = accountName(program);
  const isPortal = isIdentityCenter(program, name);
  const account = isPortal ? { name } : await openAccount(program, name, conversation);
  const session = isPortal
    ? await signOutOfPortal(program, name, conversation)
    : await signOut(account as OktaAccount, conversation);
  const forgotten = flags.all ? await forgetAll(program, account, conversation) : undefined;
  const secrets = flags.forget ? await forgetSecrets(program, account, conversation) : undefined;
  if (flags.json) {
    const answer = { account: account.name, session, ...forgotten, secrets };
    return ports.output.answer(`${JSON.stringify(answer)}\n`);
  }
  await conversation.say(session ? "signed out" : `there was no ${isPortal ? "" : "Okta "}session`);
  if (forgotten) {
    const { credentials, profiles } = forgotten;
    await conversation.say(`forgot ${credentials} cached credentials, ${profiles.length} profiles`);
  }
  if (secrets !== undefined) {
    await conversation.say(secrets ? "forgot the stored secrets" : "no secrets were stored");
  }
}
