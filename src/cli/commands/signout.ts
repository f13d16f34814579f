/** `signout`: ends the Okta session; `--all` and `--forget` remove more. @module */

import { accountName } from "../../settings/account_settings.ts";
import { isIdentityCenter } from "../../identity_center/sso_account.ts";
import { type OktaAccount, openAccount } from "../../okta/sign_in/okta_account.ts";
import { openContext } from "../invocation.ts";
import { forgetAll, forgetSecrets, signOut } from "../../accounts/sign_out.ts";
import { signOutOfPortal } from "../../identity_center/sso_sign_out.ts";
import type { Invocation } from "../invocation.ts";

export async function runSignout({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const name = accountName(context);
  const isPortal = isIdentityCenter(context, name);
  const account = isPortal ? { name } : await openAccount(context, name);
  const session = isPortal
    ? await signOutOfPortal(context, name)
    : await signOut(account as OktaAccount);
  const forgotten = flags.all ? await forgetAll(context, account) : undefined;
  const secrets = flags.forget ? await forgetSecrets(context, account) : undefined;
  if (flags.json) {
    const answer = { account: account.name, session, ...forgotten, secrets };
    return ports.output.answer(`${JSON.stringify(answer)}\n`);
  }
  await context.interaction.say(
    session ? "signed out" : "you were not signed in",
  );
  if (forgotten) {
    const { credentials, profiles } = forgotten;
    await context.interaction.say(
      `removed ${credentials} cached credentials and ${profiles.length} profiles`,
    );
  }
  if (secrets !== undefined) {
    await context.interaction.say(secrets ? "deleted the stored secrets" : "no secrets stored");
  }
}
