/**
 * Which Okta account a command works for, and what the settings say of it. On the path of every
 * `cred-process`: nothing that talks to Okta is loaded from here.
 *
 * @module
 */

import { type AccountSettings, BACKENDS, parseBackend } from "./settings.ts";
import { SettingsError } from "../errors.ts";
import type { BackendName } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { LocalContext } from "../app/context.ts";

/**
 * The name of the account that a command works for: flag, environment, the settings' default.
 *
 * @param ofProfile What a profile of the AWS config file names (`okta_account_name`).
 * @returns The name.
 */
export function accountName(context: LocalContext, ofProfile?: string): string {
  const { flags, ports, settings } = context;
  return flags.account ?? ports.environment.get("OKTA_AWS_ACCOUNT") ?? ofProfile ??
    settings.program.default_account ?? "default";
}

/**
 * The settings of an account.
 *
 * @param name The account's name.
 * @returns Its section.
 * @throws {SettingsError} `not_set_up`
 */
export function accountSettings(context: LocalContext, name: string): AccountSettings {
  const settings = context.settings.accounts.get(name);
  if (settings !== undefined) return settings;
  const known = [...context.settings.accounts.keys()].join(", ");
  const option = name === "default" ? "" : ` --account ${name}`;
  throw new SettingsError(
    known === ""
      ? "okta-aws is not set up yet"
      : `no Okta account is called ${showUntrusted(name)} (known: ${known})`,
    { code: "not_set_up", hint: `run: okta-aws init${option}` },
  );
}

/**
 * The backend that keeps an account's secrets: flag, environment, account.
 *
 * @param account The account's settings.
 * @returns The backend, or `undefined` for the first that works.
 */
export function backendFor(
  context: LocalContext,
  account: AccountSettings,
): BackendName | undefined {
  const { get } = context.ports.environment;
  const variable = get("OKTA_AWS_BACKEND") ?? get("AWS_OKTA_BACKEND");
  const named = variable === undefined ? undefined : parseBackend(variable);
  if (variable !== undefined && named === undefined) {
    throw new SettingsError(`there is no secret backend ${showUntrusted(variable)}`, {
      code: "bad_backend",
      hint: `mend OKTA_AWS_BACKEND: ${BACKENDS.join(", ")}`,
    });
  }
  return context.flags.backend ?? named ?? account.backend;
}
