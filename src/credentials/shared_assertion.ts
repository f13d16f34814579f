/**
 * One assertion for all processes that need it at the same time: the first fetches it, the others
 * use what it has kept.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { withAccountLock } from "../store/account_lock.ts";
import type { AppContext } from "../app/context.ts";
import type { Interaction } from "../app/interaction.ts";
import type { AppAssertion } from "../okta/sign_in/obtain_assertion.ts";
import type { OktaAccount } from "../okta/sign_in/okta_account.ts";
import { beginSignIn } from "../okta/sign_in/sign_in_api.ts";

/**
 * STS accepts an assertion for five minutes; the last one is left for the network and the clocks.
 */
const KEPT_MILLISECONDS = 4 * 60 * 1000;

/** How long a program that asks again and again believes that a role is not granted. */
const BELIEVED_MILLISECONDS = 60 * 1000;

/** An assertion, and when it was fetched: milliseconds since the Unix epoch. */
export type SharedAssertion = AppAssertion & { fetched: number };

/** Which assertion is wanted. */
export interface AssertionRequest {
  /** The app's URL. */
  app: string;
  /** A kept assertion must not be older, milliseconds since the Unix epoch; default: any. */
  notBefore?: number;
  /** Whether to store which roles a new one grants; default: yes. */
  remember?: boolean;
  /** Called when the sign-in waits for Okta's first answer. */
  onBegun?: (() => void) | undefined;
}

/**
 * The earliest fetch time, milliseconds since the Unix epoch, of an assertion that shows whether a
 * role is granted by now. An SDK configured for a role that is not granted must not cost a new
 * assertion with every call.
 *
 * @param asked Milliseconds since the Unix epoch.
 */
export function newEnough({ foreground }: Interaction, asked: number): number {
  return foreground ? asked : asked - BELIEVED_MILLISECONDS;
}

/** Gets an app's assertion: the kept one, else a new one. @throws As `obtainAssertion`. */
export async function sharedAssertion(
  context: AppContext,
  account: OktaAccount,
  request: AssertionRequest,
): Promise<SharedAssertion> {
  const { ports: { files, clock }, paths, interaction } = context;
  const { app, notBefore = 0 } = request;
  const isKept = async () => {
    const fetched = await account.session.assertions.fetchedAt(app) ?? -Infinity;
    const age = clock.now() - fetched;
    // A clock that was ahead has left a time that is still to come.
    return fetched >= notBefore && age >= 0 && age < KEPT_MILLISECONDS;
  };
  const onWait = () =>
    void interaction.say(`waiting for another okta-aws that signs in as ${account.name}`);
  const { canAsk } = interaction;
  const { name, org, username } = account;
  const user = { org, username };
  const lock = { files, cacheDirectory: paths.cache, account: name, user, onWait, canAsk };
  const fetch = (always: boolean) =>
    withAccountLock(lock, async () => {
      // Not read while locked: a store with a passphrase is slow to open by design.
      if (!always && await isKept()) return undefined;
      return await fetchAndKeep(context, account, request);
    });
  if (!await isKept()) {
    const fetched = await fetch(false);
    if (fetched !== undefined) return fetched;
  }
  return await readKept(account, app) ?? (await fetch(true))!;
}

/** Runs with the account's lock held. */
async function fetchAndKeep(
  context: AppContext,
  account: OktaAccount,
  { app, remember = true, onBegun }: AssertionRequest,
): Promise<SharedAssertion> {
  beginSignIn(account, app);
  const loading = import("../okta/sign_in/obtain_assertion.ts");
  onBegun?.();
  const { obtainAssertion } = await loading;
  const assertion = await obtainAssertion(account, app);
  const fetched = context.ports.clock.now();
  const sessionKey = await account.secrets.sessionKey();
  // Without a stored key nothing is kept.
  if (sessionKey !== undefined) {
    await account.session.assertions.write(sessionKey, app, { fetched, ...assertion.form });
  }
  if (remember) {
    const { rememberRoles } = await import("../roles/remember_roles.ts");
    await rememberRoles(context, account.name, [assertion]);
  }
  return { ...assertion, fetched };
}

async function readKept(account: OktaAccount, app: string): Promise<SharedAssertion | undefined> {
  const sessionKey = await account.secrets.sessionKey();
  const kept = sessionKey && await account.session.assertions.read(sessionKey, app);
  if (kept === undefined) return undefined;
  const { fetched, ...form } = kept;
  const { parseSamlResponse } = await import("../saml/assertion.ts");
  return { app, form, assertion: parseSamlResponse(form.samlResponse), fetched };
}

export function noApp(account: string): SettingsError {
  return new SettingsError(`the settings of ${account} name no AWS app`, {
    code: "no_app",
    hint: "run: okta-aws init",
  });
}
