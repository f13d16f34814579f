/** `init` for an Okta account: asks for user name and secrets, and signs in with them. @module */

import { SignInError } from "../../errors.ts";
import { chooseStore, initAccount, type InitResult } from "../../accounts/init.ts";
import type { SignInAddress } from "../../settings/sign_in_address.ts";
import type { SecretStore } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import {
  type Asker,
  type GivenSecrets,
  type InitStart,
  parseSecretsInput,
  TRIES,
  twoSources,
} from "./init_questions.ts";

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
  const username = flags.username ??
    await asker.text("Okta user name", "--username", existing.username);
  const secrets = await readSecrets(start, store, { org, username });
  const kept = existing.org === org ? existing.app ?? [] : [];
  const isTyped = !flags.secretsStdin && secrets.password !== undefined;
  const signIn = (again?: Secret) =>
    initAccount(context, {
      name,
      org,
      username,
      apps: app === undefined || kept.includes(app) ? kept : [app],
      ...secrets,
      ...(again && { password: again }),
      region: flags.region,
      verify: !flags.noVerify,
      enrollTotp: flags.enrollTotp ? { done: false } : undefined,
      ...(flags.browserSignIn && { auth: "browser" as const }),
      team,
    }, store);
  return isTyped ? await signInWithRetries(asker, username, signIn) : await signIn();
}

/** From standard input, an image, or typed. */
async function readSecrets(
  { context, asker, before, existing, picture: openPicture, invocation: { flags } }: InitStart,
  store: SecretStore,
  { org, username }: { org: string; username: string },
): Promise<GivenSecrets> {
  const picture = await openPicture?.({ org, username });
  // With a browser sign-in or a read-only store, a sign-in asks for a secret when it needs it.
  const inBrowser = existing.auth === "browser" || flags.browserSignIn === true;
  const asksNone = existing.auth === "device" || inBrowser || store.readOnly === true;
  const asksTotp = picture === undefined && flags.enrollTotp !== true && !asksNone;
  // A stored password is valid for its org and user name only.
  const isKnown = before.org === org && before.username === username;
  const given = flags.secretsStdin
    ? parseSecretsInput(await context.ports.standardInput())
    : asksNone
    ? { password: undefined, totp: undefined }
    : await asker.secrets(username, isKnown, asksTotp);
  if (given.totp !== undefined && !asksTotp && (!inBrowser || picture !== undefined)) {
    throw twoSources("--secrets-stdin");
  }
  return { ...given, totp: given.totp ?? picture };
}

/** Okta's codes for a wrong user name or password: the authn API's, and Identity Engine's. */
const WRONG_PASSWORD = ["E0000004", "errors.E0000004", "incorrectPassword"];

/** Asks again for a mistyped password; not often, because accounts lock. */
async function signInWithRetries(
  asker: Asker,
  username: string,
  signIn: (again?: Secret) => Promise<InitResult>,
): Promise<InitResult> {
  let password: Secret | undefined;
  for (let tries = 1;; tries++) {
    try {
      return await signIn(password);
    } catch (error) {
      const isWrong = error instanceof SignInError && WRONG_PASSWORD.includes(error.code);
      if (!isWrong || tries === TRIES) throw error;
      const left = `Attempt ${tries + 1} of ${TRIES}. Too many failures lock your account.`;
      password = await asker.password(username, `${error.message}\n${left}`);
    }
  }
}
