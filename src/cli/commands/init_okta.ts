/**
 * `init` for an Okta account: asks for who signs in and for the secrets, and proves them.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { chooseStore } from "../../accounts/choose_store.ts";
import { initAccount, type InitResult } from "../../accounts/init.ts";
import { readTotpPicture } from "../../secrets/read_totp_picture.ts";
import type { SignInAddress } from "../../settings/sign_in_address.ts";
import type { SecretStore } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { type Asker, type GivenSecrets, TRIES } from "./init_questions.ts";
import { type InitStart, twoSources } from "./init_start.ts";
import { parseSecretsInput } from "./secrets_input.ts";

/**
 * Sets the account up.
 *
 * @param start What there is.
 * @param address The org and the app that were given.
 * @returns What came of it.
 * @throws {SecretStoreError} `no_store`
 * @throws {SignInError} Okta's refusal; nothing has been stored then.
 */
export async function initOkta(
  start: InitStart,
  { org, app }: SignInAddress,
): Promise<InitResult> {
  const { context, asker, name, existing, team, invocation: { flags } } = start;
  const store = await chooseStore(context, existing);
  const username = flags.username ??
    await asker.text("Okta user name", "--username", existing.username);
  const secrets = await secretsOf(start, store, { org, username });
  const kept = existing.org === org ? existing.app ?? [] : [];
  const isTyped = !flags.secretsStdin && secrets.password !== undefined;
  const prove = (again?: Secret) =>
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
      team,
    }, store);
  return isTyped ? await proveTyped(asker, username, prove) : await prove();
}

/** From standard input, a picture or a person. */
async function secretsOf(
  { context: { ports, interaction }, asker, before, existing, invocation: { flags } }: InitStart,
  store: SecretStore,
  { org, username }: { org: string; username: string },
): Promise<GivenSecrets> {
  const picture = flags.qr === undefined
    ? undefined
    : await readTotpPicture(ports.files, interaction, flags.qr, { org, username });
  // Where a browser signs in, or nothing can be stored, a secret is asked for when it is needed.
  const asksNone = existing.auth === "device" || store.readOnly === true;
  const asksTotp = picture === undefined && flags.enrollTotp !== true && !asksNone;
  // A stored password stays for the org and the person that it was stored for.
  const isKnown = before.org === org && before.username === username;
  const given = flags.secretsStdin
    ? parseSecretsInput(await ports.standardInput())
    : asksNone
    ? { password: undefined, totp: undefined }
    : await asker.secrets(username, isKnown, asksTotp);
  if (given.totp !== undefined && !asksTotp) throw twoSources("--secrets-stdin has one as well");
  return { ...given, totp: given.totp ?? picture };
}

/** Okta's code for a refused user name or password, as the authn API and Identity Engine name it. */
const REFUSED_PASSWORD = ["E0000004", "errors.E0000004", "incorrectPassword"];

/** A person who has mistyped a password types it again; not often, for accounts lock. */
async function proveTyped(
  asker: Asker,
  username: string,
  prove: (again?: Secret) => Promise<InitResult>,
): Promise<InitResult> {
  let password: Secret | undefined;
  for (let tries = 1;; tries++) {
    try {
      return await prove(password);
    } catch (error) {
      const isRefused = error instanceof SignInError && REFUSED_PASSWORD.includes(error.code);
      if (!isRefused || tries === TRIES) throw error;
      const left = `try ${tries + 1} of ${TRIES}: Okta locks an account after too many`;
      password = await asker.password(username, `${error.message}\n${left}`);
    }
  }
}
