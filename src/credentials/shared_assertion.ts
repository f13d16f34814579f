/**
 * An assertion for everybody who needs one at the same time: the first fetches it, the others take
 * what it has kept.
 *
 * @module
 */

import { withAccountLock } from "../store/account_lock.ts";
import { parseSamlResponse } from "../saml/assertion.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import { type AppAssertion, obtainAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { rememberRoles } from "../roles/remember_roles.ts";

/** STS takes an assertion for five minutes; the last of them is left for the way and the clocks. */
const KEPT_MILLISECONDS = 4 * 60 * 1000;

/** For so long what an assertion does not grant is believed where a program asks again and again. */
const BELIEVED_MILLISECONDS = 60 * 1000;

/**
 * Since when an assertion has to be that shows whether a role is granted by now: an SDK that is
 * configured for a role that is not must not cost one with every call of its.
 *
 * @param asked Our clock, milliseconds since the Unix epoch.
 * @returns The earliest time at which it may have been fetched, likewise.
 */
export function newEnough({ foreground }: Interaction, asked: number): number {
  return foreground ? asked : asked - BELIEVED_MILLISECONDS;
}

/** An assertion, and when it was fetched: milliseconds since the Unix epoch. */
export type SharedAssertion = AppAssertion & { fetched: number };

/**
 * Gives an app's assertion: the one that has been kept, else a new one.
 *
 * @param account The Okta account.
 * @param app The app's URL.
 * @param notBefore A kept one must not have been fetched before this, milliseconds since the Unix
 * epoch.
 * @returns The assertion.
 * @throws As `obtainAssertion`.
 */
export async function sharedAssertion(
  context: AppContext,
  account: OktaAccount,
  app: string,
  notBefore = 0,
): Promise<SharedAssertion> {
  const { ports: { files, clock }, paths } = context;
  const isThere = async () => {
    const fetched = await account.session.assertions.fetchedAt(app) ?? -Infinity;
    return fetched >= notBefore && clock.now() - fetched < KEPT_MILLISECONDS;
  };
  const onWait = () => void context.interaction.say(waitingFor(account));
  const { canAsk } = context.interaction;
  const lock = { files, cacheDirectory: paths.cache, account: account.name, onWait, canAsk };
  const fetch = (evenSo: boolean) =>
    withAccountLock(lock, async () => {
      // Opened outside the lock: the way into a store under a passphrase is slow by design.
      if (!evenSo && await isThere()) return undefined;
      return await fetchAndKeep(context, account, app);
    });
  if (!await isThere()) {
    const fetched = await fetch(false);
    if (fetched !== undefined) return fetched;
  }
  return await openKept(account, app) ?? (await fetch(true))!;
}

/**
 * What a process says that waits for another one's sign-in.
 *
 * @param account The Okta account.
 * @returns A line.
 */
export function waitingFor({ name }: Pick<OktaAccount, "name">): string {
  return `waiting for another okta-aws that signs in as ${name}`;
}

/**
 * Fetches an assertion, keeps it for the processes that come, and what it grants for the commands.
 * Only for who holds the account's lock.
 *
 * @param account The Okta account.
 * @param app The app's URL.
 * @returns The assertion.
 * @throws As `obtainAssertion`.
 */
export async function fetchAndKeep(
  context: AppContext,
  account: OktaAccount,
  app: string,
): Promise<SharedAssertion> {
  const assertion = await obtainAssertion(account, app);
  const fetched = context.ports.clock.now();
  const { sessionKey } = await account.secrets.read();
  // An account whose key is stored nowhere keeps nothing.
  if (sessionKey !== undefined) {
    await account.session.assertions.write(sessionKey, app, { fetched, ...assertion.form });
  }
  await rememberRoles(context, account.name, [assertion]);
  return { ...assertion, fetched };
}

async function openKept(account: OktaAccount, app: string): Promise<SharedAssertion | undefined> {
  const { sessionKey } = await account.secrets.read();
  const kept = sessionKey && await account.session.assertions.read(sessionKey, app);
  if (kept === undefined) return undefined;
  const { fetched, ...form } = kept;
  return { app, form, assertion: parseSamlResponse(form.samlResponse), fetched };
}
