/**
 * Ends an account's session, and forgets what came of it.
 *
 * @module
 */

import type { AppContext } from "../app/context.ts";
import { OktaAwsError } from "../errors.ts";
import { openSsoAccess } from "../identity_center/sso_access.ts";
import { isIdentityCenter, ssoSessionOf } from "../identity_center/sso_account.ts";
import { logoutRequest } from "../identity_center/sso_portal.ts";
import { openBrowserAccess } from "../okta/browser/browser_access.ts";
import { deleteSession } from "../okta/client/sessions.ts";
import { openAccountState } from "../store/account_state.ts";
import { dropSession, restoreSession } from "../okta/sign_in/kept_session.ts";
import { type OktaAccount, openAccount } from "../okta/sign_in/okta_account.ts";
import { openStore } from "../secrets/open_secrets.ts";
import { accountSettings } from "../settings/account_settings.ts";

/** An account of the settings, as far as signing out needs it. */
export interface SignOutAccount {
  readonly name: string;
  /** `undefined` for an account of IAM Identity Center. */
  readonly okta: OktaAccount | undefined;
}

/** @throws {SettingsError} `not_set_up` */
export async function openSignOutAccount(
  context: AppContext,
  name: string,
): Promise<SignOutAccount> {
  const isPortal = isIdentityCenter(context, name);
  return { name, okta: isPortal ? undefined : await openAccount(context, name) };
}

/**
 * Ends the session at Okta or AWS and removes it here. If the server can't be told, the session is
 * removed all the same.
 */
export async function signOut(
  context: AppContext,
  { name, okta }: SignOutAccount,
): Promise<boolean> {
  const had = okta === undefined ? await signOutOfPortal(context, name) : await signOutOfOkta(okta);
  return await forgetBrowser(context, name, "session") || had;
}

/** The browser's profile of an account: its session alone, or all of it. */
async function forgetBrowser(
  context: AppContext,
  name: string,
  what: "session" | "profile",
): Promise<boolean> {
  const access = await openBrowserAccess(context, { name }, {});
  return await access.forget(what === "profile");
}

async function signOutOfOkta(account: OktaAccount): Promise<boolean> {
  const { client, assertions, device } = account.session;
  try {
    if (await restoreSession(account)) await deleteSession(client);
  } catch (error) {
    if (!(error instanceof OktaAwsError)) throw error;
    await account.interaction.say(`could not end the session at Okta: ${error.message}`);
  }
  await assertions.remove();
  const hadTokens = await device?.tokens.remove() ?? false;
  return await dropSession(account) || hadTokens;
}

/** The token's files are the AWS CLI's: that is signed out too. */
async function signOutOfPortal(context: AppContext, name: string): Promise<boolean> {
  const session = await ssoSessionOf(context, name);
  const { tokens, endpoints, send } = await openSsoAccess(context, name, session);
  const token = await tokens.read();
  if (token !== undefined) {
    try {
      const request = logoutRequest(endpoints.portal.url, token.accessToken);
      await send(request, { idempotent: true });
    } catch (error) {
      if (!(error instanceof OktaAwsError)) throw error;
      await context.interaction.say(`could not end the session at AWS: ${error.message}`);
    }
  }
  return await tokens.remove();
}

/** What was forgotten. */
export interface Forgotten {
  /** How many cached credentials. */
  credentials: number;
  /** Profiles that were removed from the AWS files. */
  profiles: string[];
}

/** Forgets what one room keeps of an account. */
export type Forget = (
  context: AppContext,
  account: SignOutAccount,
) => Promise<Partial<Forgotten> | void>;

/** Forgets kept Okta sessions, and the browser's profile. */
export async function forgetSessions(
  context: AppContext,
  { name, okta }: SignOutAccount,
): Promise<void> {
  await okta?.session.kept.remove();
  await forgetBrowser(context, name, "profile");
}

/** Asks each room in turn to forget an account. */
export async function forgetAll(
  context: AppContext,
  account: SignOutAccount,
  rooms: readonly Forget[],
): Promise<Forgotten> {
  const all: Forgotten = { credentials: 0, profiles: [] };
  for (const forget of rooms) {
    const { credentials = 0, profiles = [] } = await forget(context, account) ?? {};
    all.credentials += credentials;
    all.profiles.push(...profiles);
  }
  return all;
}

/** Removes the stored secrets, and what runs note about them. @returns Whether there were any. */
export async function forgetSecrets(context: AppContext, name: string): Promise<boolean> {
  const { ports: { files }, paths, interaction } = context;
  const account = accountSettings(context, name);
  const store = await openStore(context, account, await interaction.canAsk());
  await (await openAccountState(files, paths.cache, name)).remove();
  const removed = await store.remove(name);
  await store.lock?.();
  return removed;
}

/** Locks a store that a passphrase unlocked; the secrets stay. */
export async function lockSecrets(
  context: AppContext,
  { name }: SignOutAccount,
): Promise<void> {
  const { ports: { files }, paths } = context;
  const { stored } = await (await openAccountState(files, paths.cache, name)).read();
  if (stored?.backend !== "file") return;
  const account = { ...accountSettings(context, name), backend: stored.backend };
  await (await openStore(context, account, false)).lock?.();
}
