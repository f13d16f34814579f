/** `signin`: signs in to Okta and keeps the session for later commands. @module */

import type { AppContext } from "../../app/context.ts";
import { restoreSession } from "../../okta/sign_in/kept_session.ts";
import { signInTo } from "../../okta/sign_in/obtain_assertion.ts";
import { accountName } from "../../settings/account_settings.ts";
import { type OktaAccount, openAccount } from "../../okta/sign_in/okta_account.ts";
import { runAfterSignin } from "../../plugins/hooks.ts";
import { isIdentityCenter, ssoSessionOf } from "../../identity_center/sso_account.ts";
import { currentSession } from "../../okta/client/sessions.ts";
import { withAccountLock } from "../../store/account_lock.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type Invocation, openForeground } from "../invocation.ts";
import { formatMoment } from "../output.ts";

/** Does nothing if the session is still active. */
export async function runSignin(invocation: Invocation): Promise<void> {
  const { ports, flags } = invocation;
  const context = await openForeground(ports, flags);
  const name = accountName(context);
  if (isIdentityCenter(context, name)) {
    return await signInToPortal(invocation, context, name);
  }
  const account = await openAccount(context, name);
  const onWait = () => void context.interaction.say("waiting for another okta-aws to sign in");
  const cacheDirectory = context.paths.cache;
  const { username, org } = account;
  const user = { org, username };
  const lock = { files: ports.files, cacheDirectory, account: account.name, user, onWait };
  const expiresAt = await withAccountLock(lock, () => startSession(account));
  await runAfterSignin(context, { account: name, username, org, expiresAt });
  await report(invocation, account, expiresAt);
}

async function signInToPortal(
  { ports, flags }: Invocation,
  context: AppContext,
  name: string,
): Promise<void> {
  const { openSsoAccess } = await import("../../identity_center/sso_access.ts");
  const { ssoToken } = await import("../../identity_center/sso_token.ts");
  const session = await ssoSessionOf(context, name);
  const access = await openSsoAccess(context, name, session);
  const { expiresAt } = (await ssoToken(context, access))!;
  const { startUrl } = session;
  const signedIn = { account: name, username: null, org: startUrl, expiresAt };
  await runAfterSignin(context, signedIn);
  if (flags.json) {
    const expiration = new Date(expiresAt).toISOString();
    return ports.output.answer(`${JSON.stringify({ account: name, startUrl, expiration })}\n`);
  }
  const until = formatMoment(expiresAt, ports.clock.now());
  await context.interaction.say(`signed in to ${showUntrusted(startUrl)} until ${until}`);
}

/** @returns When it expires, in milliseconds since the Unix epoch, if Okta says. */
async function startSession(
  account: OktaAccount,
): Promise<number | undefined> {
  const { session: { client, device, kept }, org, apps } = account;
  if (device !== undefined) {
    const { deviceSession } = await import("../../okta/device/device_tokens.ts");
    return (await deviceSession({ ...account, device })).expiresAt;
  }
  const alive = await restoreSession(account) && (await currentSession(client)).active;
  if (!alive) {
    client.jar.keepOnly(["DT"]);
    await signInTo(account, apps[0] ?? `${org}/`);
  }
  const { expiresAt } = await currentSession(client);
  if (expiresAt !== undefined) await kept.noteExpiration(expiresAt);
  return expiresAt;
}

async function report(
  { ports, flags }: Invocation,
  { name, username, org, interaction }: OktaAccount,
  expiresAt: number | undefined,
): Promise<void> {
  const who = `${showUntrusted(username)} at ${new URL(org).host}`;
  if (flags.json) {
    const expiration = expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
    return ports.output.answer(`${JSON.stringify({ account: name, username, org, expiration })}\n`);
  }
  const until = expiresAt === undefined
    ? ""
    : ` until ${formatMoment(expiresAt, ports.clock.now())}`;
  await interaction.say(`signed in as ${who}${until}`);
}
