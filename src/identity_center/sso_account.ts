/**
 * Accounts of the settings that are sessions of IAM Identity Center. On the path of every
 * `cred-process`: nothing that talks to AWS is loaded from here.
 *
 * @module
 */

import type { SsoSession } from "../aws/sso_session.ts";
import { sessionOfAccount } from "../aws/files/sso_sections.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import type { LocalContext } from "../app/context.ts";
import { isSamePortal } from "../aws/start_url.ts";

/** Whether an account of the settings is one of IAM Identity Center. */
export function isIdentityCenter({ settings }: LocalContext, name: string): boolean {
  return settings.accounts.get(name)?.kind === "identity-center";
}

/**
 * The session of such an account.
 *
 * @throws {SettingsError} `not_set_up`
 */
export async function ssoSessionOf(
  { settings, ports: { files }, paths }: LocalContext,
  name: string,
): Promise<SsoSession> {
  const { ssoSections = new Map() } = await readAwsProfiles(files, paths.awsConfig);
  return sessionOfAccount(name, settings.accounts.get(name) ?? {}, ssoSections);
}

/**
 * The account that a profile's session belongs to: one of the settings with the same portal, else
 * one that exists only through the profile. The settings can't name such an account: it contains a
 * blank.
 */
export function ssoAccountName({ settings }: LocalContext, session: SsoSession): string {
  for (const [name, account] of settings.accounts) {
    const { kind, sso_start_url: startUrl, sso_region: region, sso_session: own = name } = account;
    if (kind !== "identity-center") continue;
    const isSame = startUrl === undefined
      ? own === session.name
      : isSamePortal(startUrl, session.startUrl) && region === session.region;
    if (isSame) return name;
  }
  return `sso-session ${session.name ?? session.startUrl}`;
}
