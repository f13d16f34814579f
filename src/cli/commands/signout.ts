/** `signout`: ends the Okta session; `--all` and `--forget` remove more. @module */

import type { AppContext } from "../../app/context.ts";
import { InterruptedError } from "../../errors.ts";
import type { Flags } from "../flags.ts";
import { type Invocation, openContext } from "../invocation.ts";
import {
  type Forget,
  forgetAll,
  forgetSecrets,
  forgetSessions,
  lockSecrets,
  openSignOutAccount,
  signOut,
} from "../../accounts/sign_out.ts";
import { forgetCache } from "../../accounts/forget_cache.ts";
import { forgetCredentials } from "../../credentials/open_cache.ts";
import { forgetTokens } from "../../kube/token_cache.ts";
import { forgetProfiles } from "../../profiles/forget_profiles.ts";
import { forgetRoles } from "../../roles/role_list.ts";
import { accountName } from "../../settings/account_settings.ts";

/** `forgetProfiles` needs what `forgetRoles` removes. */
const ROOMS: readonly Forget[] = [
  forgetCredentials,
  forgetTokens,
  forgetProfiles,
  forgetRoles,
  forgetSessions,
  lockSecrets,
];

/**
 * Asks before more than the session is removed, if there is somebody to ask.
 *
 * @throws {InterruptedError} If the answer is no.
 */
async function confirm(
  { interaction }: AppContext,
  name: string,
  { all, forget, yes }: Flags,
): Promise<void> {
  if ((!all && !forget) || yes || !await interaction.canAsk()) return;
  const what = [
    all && "cached credentials, profiles and backups",
    forget && "the saved secrets",
  ].filter((part) => part).join(", and ");
  const question = `Delete ${what} of account ${name}?`;
  if (await interaction.askConfirm(question, false)) return;
  throw new InterruptedError("nothing deleted");
}

export async function runSignout({ ports, flags }: Invocation): Promise<void> {
  const context = await openContext(ports, flags, "foreground");
  const name = accountName(context);
  const account = await openSignOutAccount(context, name);
  await confirm(context, name, flags);
  const session = await signOut(context, account);
  const forgotten = flags.all ? await forgetAll(context, account, ROOMS) : undefined;
  const secrets = flags.forget ? await forgetSecrets(context, name) : undefined;
  if (flags.all && flags.forget) await forgetCache(context, name);
  if (flags.json) {
    const answer = { account: name, session, ...forgotten, secrets };
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
