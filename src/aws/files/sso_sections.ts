/**
 * Finds the session of IAM Identity Center that a profile or an account of the settings uses.
 *
 * @module
 */

import { isAccountId, isRegion } from "../arn.ts";
import { scopesOf, type SsoSession } from "../sso_session.ts";
import { SettingsError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { AccountSettings } from "../../settings/settings.ts";
import { isSamePortal } from "../start_url.ts";

/** Keys and values of a section. */
export type Keys = ReadonlyMap<string, string>;

/** `[sso-session NAME]` of the AWS config file, by name. */
export type SsoSections = ReadonlyMap<string, Keys>;

function toSession(name: string | undefined, keys: Keys): SsoSession | undefined {
  const [startUrl, region] = [keys.get("sso_start_url"), keys.get("sso_region")];
  if (startUrl === undefined || region === undefined || !isRegion(region)) return undefined;
  return { name, startUrl, region, scopes: scopesOf(keys.get("sso_registration_scopes")) };
}

/**
 * The session of a profile: by `sso_session`, or of the legacy form.
 *
 * @returns `undefined` if the profile names no role of a portal, or an unknown session.
 * there is not.
 */
export function sessionOfProfile(
  keys: Keys,
  sections: SsoSections | undefined,
): SsoSession | undefined {
  const accountId = keys.get("sso_account_id");
  if (accountId === undefined || !isAccountId(accountId) || !keys.has("sso_role_name")) {
    return undefined;
  }
  const name = keys.get("sso_session");
  if (name === undefined) return toSession(undefined, keys);
  const section = sections?.get(name);
  return section && toSession(name, section);
}

/**
 * The session of an account with `kind = identity-center`: from the settings, else the section
 * `[sso-session NAME]` that they name, or that has the account's name.
 *
 * @throws {SettingsError} `not_set_up`
 */
export function sessionOfAccount(
  account: string,
  settings: AccountSettings,
  sections: SsoSections,
): SsoSession {
  const name = settings.sso_session ?? account;
  const { sso_start_url: startUrl, sso_region: region } = settings;
  const section = sections.get(name);
  const known = section && toSession(name, section);
  if (startUrl !== undefined && region !== undefined) {
    return { name, startUrl, region, scopes: known?.scopes ?? scopesOf(undefined) };
  }
  if (known !== undefined) return known;
  throw new SettingsError(
    `the settings of ${showUntrusted(account)} have no start URL and region of IAM Identity Center`,
    {
      code: "not_set_up",
      hint: "run: okta-aws init --sso-start-url URL --sso-region REGION",
    },
  );
}

/**
 * The session of the AWS config file that leads to a portal.
 *
 * @returns `undefined` if there is none.
 */
export function sectionFor(startUrl: string, sections: SsoSections): SsoSession | undefined {
  for (const [name, keys] of sections) {
    const session = toSession(name, keys);
    if (session !== undefined && isSamePortal(session.startUrl, startUrl)) return session;
  }
  return undefined;
}
