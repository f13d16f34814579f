/**
 * Profiles for roles of IAM Identity Center that SDKs use without okta-aws: `sso_session` and its
 * keys.
 *
 * @module
 */

import type { SsoSession } from "../aws/sso_session.ts";
import type { KnownRole } from "../roles/role_match.ts";
import { SettingsError } from "../errors.ts";
import { parseIni } from "../ini/document.ts";
import { editIni, type IniEdit, sectionsByName } from "../ini/edit.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { outputFor } from "../roles/known_roles.ts";
import type { AppContext } from "../app/context.ts";
import { foreignProfiles, isOurProcess, type WriteSections } from "./setup_profiles.ts";
import { ssoSessionOf } from "../identity_center/sso_account.ts";
import { isSamePortal } from "../aws/start_url.ts";

/**
 * How the sections of an account are written.
 *
 * @throws {SettingsError} `foreign_sso_session` if the session's name belongs to another portal.
 */
export async function ssoSections(context: AppContext, account: string): Promise<WriteSections> {
  const session = await ssoSessionOf(context, account);
  return (text, roles) => {
    const document = parseIni(text);
    const existing = sectionsByName(document);
    const keysOf = (section: string) =>
      (existing.get(section) ?? []).flatMap(({ properties }) => properties);
    const valueOf = (section: string, key: string) =>
      keysOf(section).find((property) => property.key === key)?.value;
    const others = roles.filter((role) => {
      const section = `profile ${role.profile}`;
      const process = valueOf(section, "credential_process");
      if (keysOf(section).length === 0) return false;
      if (process !== undefined) return !isOurProcess(context, process, role.profile!);
      return valueOf(section, "sso_account_id") !== role.accountId ||
        valueOf(section, "sso_role_name") !== role.roleName;
    });
    if (others.length > 0) throw foreignProfiles(others.map(({ profile }) => profile!));
    const startUrl = valueOf(`sso-session ${session.name}`, "sso_start_url");
    if (startUrl !== undefined && !isSamePortal(startUrl, session.startUrl)) {
      throw foreignSession(session.name!);
    }
    return editIni(document, [
      sessionEdit(session, startUrl !== undefined),
      ...roles.map((role) => profileEdit(context, session, role)),
    ]);
  };
}

/** An existing session is not changed: the person may have set the scopes. */
function sessionEdit({ name, startUrl, region, scopes }: SsoSession, isThere: boolean): IniEdit {
  const set: [string, string][] = [["sso_start_url", startUrl], ["sso_region", region]];
  if (!isThere) set.push(["sso_registration_scopes", scopes.join(",")]);
  return { kind: "set", section: `sso-session ${name}`, set: isThere ? [] : set };
}

function profileEdit(
  context: AppContext,
  { name }: SsoSession,
  { profile, accountId, roleName, roleArn, oktaAccount }: KnownRole,
): IniEdit {
  const { settings } = context;
  const region = settings.awsAccounts.get(accountId)?.region ??
    settings.accounts.get(oktaAccount)?.region;
  const set: [string, string][] = [
    ["sso_session", name!],
    ["sso_account_id", accountId],
    ["sso_role_name", roleName],
  ];
  if (region !== undefined) set.push(["region", region]);
  const output = outputFor(context, roleArn);
  if (output !== undefined) set.push(["output", output]);
  return { kind: "set", section: `profile ${profile}`, set, unset: ["credential_process"] };
}

function foreignSession(name: string): SettingsError {
  return new SettingsError(
    `[sso-session ${showUntrusted(name)}] of the AWS config file leads to another portal`,
    {
      code: "foreign_sso_session",
      hint: "set sso_session in the settings of the account to another name",
    },
  );
}
