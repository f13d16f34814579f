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
  const { jar } = account.session.client;
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
  const { jar } = account.session.client;
  if (jar.cookies().length === 0) await restoreCookies(account);
  jar.keepOnly([DEVICE_COOKIE]);
}

/**
 * Forgets the session in the jar; the device stays known.
 *
 * @param account The Okta account.
 */
export function clearSessionCookies({ session: { client: { jar } } }: OktaAccount): void {
  jar.keepOnly([DEVICE_COOKIE]);
}

async function restoreCookies({ session: { client, kept }, secrets }: OktaAccount): Promise<void> {
  // Where nothing is kept there is no reason to open the secret store.
  if (!await kept.isKept()) return;
  const { sessionKey } = await secrets.read();
  const stored = sessionKey && await kept.read(sessionKey);
  if (stored !== undefined) client.jar.restore(stored.cookies);
}

/**
 * Keeps the session of the jar for the commands that come.
 *
 * @param account The Okta account.
 */
export async function keepSession(
  { session: { client, kept }, secrets }: OktaAccount,
): Promise<void> {
  const { sessionKey } = await secrets.read();
  if (sessionKey === undefined) return;
  await kept.write(sessionKey, {
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
  const { session: { client: { jar }, kept, rememberDevice }, secrets } = account;
  const had = await kept.signedInAt() !== undefined;
  jar.keepOnly(rememberDevice ? [DEVICE_COOKIE] : []);
  const cookies = jar.cookies();
  const sessionKey = cookies.length === 0 ? undefined : (await secrets.read()).sessionKey;
  if (sessionKey === undefined) await kept.remove();
  else await kept.write(sessionKey, { signedInAt: undefined, cookies });
  return had;
}
