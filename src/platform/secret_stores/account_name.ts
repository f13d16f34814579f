/**
 * The names that secret items are stored under.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";

/** The service that all items belong to. */
export const SERVICE = "okta-aws";

const ACCOUNT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/**
 * Refuses a name that a backend could take for something else: an option, a path, a second command.
 *
 * @param account The Okta account's name.
 * @returns The same name.
 * @throws {SettingsError} `bad_account_name`.
 */
export function checkAccountName(account: string): string {
  if (ACCOUNT_NAME.test(account)) return account;
  throw new SettingsError(`"${showUntrusted(account)}" can't be the name of an Okta account`, {
    code: "bad_account_name",
    hint: "use letters, digits, '.', '_' and '-', at most 63, a letter or digit first",
  });
}
