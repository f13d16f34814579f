/** `init` for an Okta account: asks for user name and secrets, and signs in with them. @module */

import { SignInError } from "../../errors.ts";
import { chooseStore, initAccount, type InitResult } from "../../accounts/init.ts";
import type { SignInAddress } from "../../settings/sign_in_address.ts";
import { openAccountState } from "../../store/account_state.ts";
import type { SecretStore } from "../../ports.ts";
import {
  type GivenSecrets,
  type InitStart,
  type KeptSecrets,
  parseSecretsInput,
  TRIES,
  twoSources,
} from "./init_questions.ts";

/** What the sign-in is tried with. */
interface Entered extends GivenSecrets {
  username: string;
}

/**
 * Sets up the account; stores nothing if Okta rejects the sign-in.
 *
 * @throws {SecretStoreError} `no_store`
 * @throws {SignInError}
 */
export async function initOkta(
  start: InitStart,
  { org, app }: SignInAddress,
): Promise<InitResult> {
  const { context, asker, name, existing, team, invocation: { flags } } = start;
  const store = await chooseStore(context, existing);
  const username = flags.username ?? await asker.username(org, existing.username);
  const secrets = await readSecrets(start, store, { org, username });
  const kept = existing.org === org ? existing.app ?? [] : [];
  const signIn = (entered: Entered) =>
    initAccount(context, {
      name,
      org,
      apps: app === undefined || kept.includes(app) ? kept : [app],
      ...entered,
      region: flags.region,
      verify: !flags.noVerify,
      enrollTotp: flags.enrollTotp ? { done: false } : undefined,
      ...(flags.browserSignIn && { auth: "browser" as const }),
      team,
    }, store);
  const entered = { username, ...secrets };
  return flags.secretsStdin
    ? await signIn(entered)
    : await signInWithRetries(start, entered, signIn);
}

/** From standard input, an image, or typed. */
async function readSecrets(
  start: InitStart,
  store: SecretStore,
  owner: { org: string; username: string },
): Promise<GivenSecrets> {
  const { context, asker, existing, invocation: { flags } } = start;
  const picture = await start.picture?.(owner);
  // With a browser sign-in or a read-only store, a sign-in asks for a secret when it needs it.
  const inBrowser = existing.auth === "browser" || flags.browserSignIn === true;
  const asksNone = existing.auth === "device" || inBrowser || store.readOnly === true;
  const asksTotp = picture === undefined && flags.enrollTotp !== true && !asksNone;
  const given = flags.secretsStdin
    ? parseSecretsInput(await context.ports.standardInput())
    : asksNone
    ? { password: undefined, totp: undefined }
    : await asker.secrets(owner.username, await keptSecrets(start, store, owner), asksTotp);
  if (given.totp !== undefined && !asksTotp && (!inBrowser || picture !== undefined)) {
    throw twoSources("--secrets-stdin");
  }
  return { ...given, totp: given.totp ?? picture };
}

/** What an empty answer keeps. A stored secret is valid for its org and user name only. */
async function keptSecrets(
  { context: { ports, paths }, before, name }: InitStart,
  store: SecretStore,
  { org, username }: { org: string; username: string },
): Promise<KeptSecrets> {
  const { stored } = await (await openAccountState(ports.files, paths.cache, name)).read();
  const isKnown = before.org === org && before.username === username &&
    stored?.backend === store.name;
  return {
    password: isKnown && stored?.password === true,
    totp: isKnown && stored?.totp === true,
  };
}

/** Okta's codes for a wrong user name or password: the authn API's, and Identity Engine's. */
const WRONG_PASSWORD = ["E0000004", "errors.E0000004", "incorrectPassword"];

/** The same for a one-time code. */
const WRONG_CODE = /^(?:errors\.)?E0000068$|PASSCODE_INVALID|invalid_passcode/;

/** Asks again for what Okta refused, and only for that; not often, because accounts lock. */
async function signInWithRetries(
  { asker, invocation: { flags } }: InitStart,
  first: Entered,
  signIn: (entered: Entered) => Promise<InitResult>,
): Promise<InitResult> {
  let entered = first;
  let wrongCodes = 0;
  // Another user name is another account: it starts with all its tries.
  const refused = new Map<string, number>();
  for (;;) {
    try {
      return await signIn(entered);
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const { username, password, totp } = entered;
      if (password !== undefined && WRONG_PASSWORD.includes(error.code)) {
        const tries = (refused.get(username) ?? 0) + 1;
        refused.set(username, tries);
        if (tries === TRIES) throw error;
        await asker.tell(`${error.message}\n${attempts(tries)}`);
        const corrected = flags.username ?? await asker.usernameAgain(username);
        const isOther = corrected !== username;
        const typed = await asker.passwordAgain(corrected, isOther);
        entered = { username: corrected, password: typed ?? password, totp };
      } else if (totp !== undefined && WRONG_CODE.test(error.code)) {
        wrongCodes += 1;
        if (wrongCodes === TRIES) throw error;
        await asker.tell(`Okta refused the code of this TOTP secret\n${attempts(wrongCodes)}`);
        entered = { ...entered, totp: await asker.totpAgain() };
      } else {
        throw error;
      }
    }
  }
}

function attempts(made: number): string {
  return `Attempt ${made + 1} of ${TRIES}. Too many failures lock your account.`;
}
