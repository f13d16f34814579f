/**
 * The Okta session between runs: its cookies kept and put back, and the device's, which outlives it.
 *
 * @module
 */

import type { OktaAccount } from "./okta_account.ts";

/** Okta's memory of this device (protocol.md, a.5). */
const DEVICE_COOKIE = "DT";

/**
 * Puts the kept session's cookies back into the jar.
 *
 * @param account The Okta account.
 * @returns Whether there are any; whether Okta still knows them is not asked.
 */
export async function restoreSession(account: OktaAccount): Promise<boolean> {
  const { jar } = account.client;
  if (jar.cookies().length === 0) await restoreCookies(account);
  return jar.cookies().some(({ name }) => name !== DEVICE_COOKIE);
}

/**
 * Puts the device's cookie alone into the jar: a sign-in begins without a session, but Okta is to
 * know the device again.
 *
 * @param account The Okta account.
 */
export async function restoreDevice(account: OktaAccount): Promise<void> {
  const { jar } = account.client;
  if (jar.cookies().length === 0) await restoreCookies(account);
  jar.keepOnly([DEVICE_COOKIE]);
}

/**
 * Forgets the session in the jar; the device stays known.
 *
 * @param account The Okta account.
 */
export function clearSessionCookies({ client: { jar } }: OktaAccount): void {
  jar.keepOnly([DEVICE_COOKIE]);
}

async function restoreCookies({ client, sessions, secrets }: OktaAccount): Promise<void> {
  // Where nothing is kept there is no reason to open the secret store.
  if (!await sessions.isKept()) return;
  const { sessionKey } = await secrets();
  const stored = sessionKey && await sessions.read(sessionKey);
  if (stored !== undefined) client.jar.restore(stored.cookies);
}

/**
 * Keeps the session of the jar for the commands that come.
 *
 * @param account The Okta account.
 */
export async function keepSession({ client, sessions, secrets }: OktaAccount): Promise<void> {
  const { sessionKey } = await secrets();
  if (sessionKey === undefined) return;
  await sessions.write(sessionKey, {
    signedInAt: client.clock.now(),
    cookies: client.jar.cookies(),
  });
}

/**
 * Drops the kept session. The device's cookie stays where the settings want Okta to remember it.
 *
 * @param account The Okta account.
 * @returns Whether there was a session.
 */
export async function dropSession(account: OktaAccount): Promise<boolean> {
  const { client: { jar }, sessions, secrets, rememberDevice } = account;
  const had = await sessions.signedInAt() !== undefined;
  jar.keepOnly(rememberDevice ? [DEVICE_COOKIE] : []);
  const cookies = jar.cookies();
  const sessionKey = cookies.length === 0 ? undefined : (await secrets()).sessionKey;
  if (sessionKey === undefined) await sessions.remove();
  else await sessions.write(sessionKey, { signedInAt: undefined, cookies });
  return had;
}
