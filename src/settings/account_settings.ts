/** Which Okta account a command works for. Every `cred-process` loads this file. */

import {
  ACCOUNT_NAME,
  type AccountSettings,
  BACKENDS,
  parseBackend,
  type Settings,
} from "./settings.ts";
import { SettingsError, UsageError } from "../errors.ts";
import type { BackendName, Environment } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** What decides on an account: the part of the app's context that the settings need. */
export interface AccountSelection {
  settings: Settings;
  flags: { account?: string; backend?: BackendName };
  ports: { environment: Pick<Environment, "get"> };
}

/**
 * The account's name: flag, environment, profile, the settings' default.
 *
 * @param ofProfile `okta_account_name` of a profile of the AWS config file.
 */
export function accountName(
  { flags, ports, settings }: AccountSelection,
  ofProfile?: string,
): string {
  return flags.account ?? ports.environment.get("OKTA_AWS_ACCOUNT") ?? ofProfile ??
    settings.program.default_account ?? "default";
}

/**
 * The section of an account in the settings.
 *
 * @throws {SettingsError} `not_set_up`
 */
export function accountSettings(
  { settings: { accounts } }: Pick<AccountSelection, "settings">,
  name: string,
): AccountSettings {
  const settings = accounts.get(name);
  if (settings !== undefined) return settings;
  if (!ACCOUNT_NAME.test(name)) throw badAccountName(name);
  const known = [...accounts.keys()].join(", ");
  const option = name === "default" ? "" : ` --account ${name}`;
  throw new SettingsError(
    known === ""
      ? "okta-aws is not set up yet"
      : `no Okta account named ${showUntrusted(name)} (known: ${known})`,
    { code: "not_set_up", hint: `run: okta-aws init${option}` },
  );
}

/** The error for a name that no account can have. */
export function badAccountName(name: string): UsageError {
  return new UsageError(`invalid account name: ${showUntrusted(name)}`, {
    code: "bad_account_name",
    hint: "use letters, digits, dots, dashes and underscores, at most 63 characters",
  });
}

/** The other accounts of the settings that are the same Okta user. */
export function accountsOfSameUser(
  { settings: { accounts } }: Pick<AccountSelection, "settings">,
  account: { name: string; org?: string | undefined; username?: string | undefined },
): string[] {
  const { name, org, username } = account;
  if (org === undefined || username === undefined) return [];
  const isSame = (other: AccountSettings) =>
    other.org === org && other.username?.toLowerCase() === username.toLowerCase();
  return [...accounts].filter(([one, other]) => one !== name && isSame(other)).map(([one]) => one);
}

/**
 * The backend that keeps an account's secrets: flag, environment, account.
 *
 * @returns `undefined` for the first backend that works on this machine.
 * @throws {SettingsError} `bad_backend`
 */
export function backendFor(
  { flags, ports: { environment: { get } } }: Omit<AccountSelection, "settings">,
  account: AccountSettings,
): BackendName | undefined {
  const variable = get("OKTA_AWS_BACKEND") ?? get("AWS_OKTA_BACKEND");
  const named = variable === undefined ? undefined : parseBackend(variable);
  if (variable !== undefined && named === undefined) {
    throw new SettingsError(`unknown secret backend: ${showUntrusted(variable)}`, {
      code: "bad_backend",
      hint: `set OKTA_AWS_BACKEND to one of: ${BACKENDS.join(", ")}`,
    });
  }
  return flags.backend ?? named ?? account.backend;
}
