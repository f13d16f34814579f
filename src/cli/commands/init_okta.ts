/** `init` for an Okta account: signs in with what was answered. @module */

import { chooseStore, initAccount, type InitResult } from "../../accounts/init.ts";
import { UsageError } from "../../errors.ts";
import type { BackendName, Environment } from "../../ports.ts";
import { backendFor } from "../../settings/account_settings.ts";
import type { SignInAddress } from "../../settings/sign_in_address.ts";
import type { InitStart } from "./init_questions.ts";
import { twoSources } from "./init_questions.ts";
import { type GivenSecrets, parseSecretsInput } from "./init_secrets.ts";
import { asksForSecrets, type InitAnswers, isReadOnly } from "./init_steps.ts";

/**
 * Sets up the account; stores nothing if Okta rejects the sign-in.
 *
 * @throws {SecretStoreError} `no_store`
 * @throws {SignInError}
 */
export async function initOkta(
  start: InitStart,
  { org, app }: SignInAddress,
  answers: InitAnswers,
): Promise<InitResult> {
  const { context, name, existing, before, team, invocation: { flags } } = start;
  const username = answers.username!;
  const choose = () => chooseStore(context, existing);
  const isKnown = before.org === org && before.username === username;
  const store = isKnown || await isChosenFirst(start) ? await choose() : choose;
  const secrets = await givenSecrets(start, answers, { org, username });
  const kept = existing.org === org ? existing.app ?? [] : [];
  return await initAccount(context, {
    name,
    org,
    username,
    apps: app === undefined || kept.includes(app) ? kept : [app],
    ...secrets,
    region: flags.region,
    verify: !flags.noVerify,
    enrollTotp: flags.enrollTotp ? { done: false } : undefined,
    ...(flags.browserSignIn && { auth: "browser" as const }),
    team,
  }, store);
}

/** Scripts hear of a missing store before a password is sent; some stores have the password. */
async function isChosenFirst(
  { context, existing, invocation: { flags } }: InitStart,
): Promise<boolean> {
  const backend = backendFor(context, existing);
  return isReadOnly(backend) || flags.secretsStdin === true || !await context.interaction.canAsk();
}

/** Typed, from standard input, or from an image. */
async function givenSecrets(
  start: InitStart,
  answers: InitAnswers,
  owner: { org: string; username: string },
): Promise<GivenSecrets> {
  const { context, existing, invocation: { flags } } = start;
  answers.totp ??= await start.picture?.(owner);
  if (!flags.secretsStdin) return { password: answers.password, totp: answers.totp };
  const given = parseSecretsInput(await context.ports.standardInput());
  const backend = backendFor(context, existing);
  if (isReadOnly(backend)) {
    if (!hasAlready(backend!, context.ports.environment, given)) throw storesNothing(backend!);
    return { password: undefined, totp: answers.totp };
  }
  const inBrowser = existing.auth === "browser" || flags.browserSignIn === true;
  const takesTotp = answers.totp === undefined && flags.enrollTotp !== true &&
    asksForSecrets(start);
  if (given.totp !== undefined && !takesTotp && (!inBrowser || answers.totp !== undefined)) {
    throw twoSources("--secrets-stdin");
  }
  return { ...given, totp: given.totp ?? answers.totp };
}

/** Whether a backend that stores nothing gives what was passed anyway. */
function hasAlready(
  backend: BackendName,
  { get }: Pick<Environment, "get">,
  { password, totp }: GivenSecrets,
): boolean {
  if (password === undefined && totp === undefined) return true;
  const isSame = password === undefined || get("OKTA_AWS_PASSWORD") === password.reveal();
  return backend === "env" && isSame && (totp === undefined || get("OKTA_AWS_TOTP") !== undefined);
}

/** The error for secrets that the backend takes from elsewhere. */
function storesNothing(backend: BackendName): UsageError {
  return new UsageError(`--secrets-stdin: the backend ${backend} can't store secrets`, {
    code: "conflicting_flags",
    hint: backend === "env"
      ? "set OKTA_AWS_PASSWORD and OKTA_AWS_TOTP without --secrets-stdin, or choose another --backend"
      : "set password_command and totp_command in the settings, or choose another --backend",
  });
}
