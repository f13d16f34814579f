/**
 * Sets up an account of IAM Identity Center: signs in, lists the roles, writes the settings.
 *
 * @module
 */

import { isRegion } from "../aws/arn.ts";
import { scopesOf, type SsoSession } from "../aws/sso_session.ts";
import { sectionFor } from "../aws/files/sso_sections.ts";
import { SettingsError } from "../errors.ts";
import type { IniSetting } from "../ini/values.ts";
import { grantedRoles, type RoleList } from "../roles/role_list.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import { reloadSettings } from "../app/open_context.ts";
import { writeAccount } from "./write_account.ts";
import { noRoles } from "../credentials/role_source.ts";
import { openPortalSource } from "../identity_center/portal_source.ts";
import { rememberNames } from "../roles/remember_roles.ts";
import type { Settings } from "../settings/settings.ts";
import type { TakenSettings } from "../settings/team/take_team_settings.ts";
import { parseStartUrl } from "../aws/start_url.ts";

/** What the person has entered. */
export interface IdentityCenterAnswers {
  /** The account's name. */
  name: string;
  /** The access portal, as it was pasted. */
  startUrl: string;
  /** Identity Center's region; default: that of the AWS config file. */
  ssoRegion: string | undefined;
  /** Asks for the region if neither has one. */
  askRegion: () => Promise<string>;
  /** The default region. */
  region: string | undefined;
  /** Whether to sign in before anything is stored. */
  verify: boolean;
  /** Whether to sign in through the browser profile of the account (`auth = browser`). */
  inBrowser?: boolean;
  /** A team's settings, to be written with the account. */
  team?: Pick<TakenSettings, "settings" | "change" | "keep"> | undefined;
  /** Told after each AWS account. */
  onAccount: (done: number, total: number) => void;
}

/** What came of it. */
export interface IdentityCenterResult {
  /** With the new settings. */
  context: AppContext;
  /** What the portal grants; `undefined` if nothing was verified. */
  list: RoleList | undefined;
}

/**
 * Sets up an account, or changes one.
 *
 * @throws {SettingsError} `bad_start_url`, `bad_sso_region`
 * @throws {SignInError} AWS's refusal; nothing has been stored then.
 * @throws {AssertionError} `no_roles`
 */
export async function initIdentityCenter(
  app: AppContext,
  answers: IdentityCenterAnswers,
): Promise<IdentityCenterResult> {
  const { name, verify, onAccount, team } = answers;
  const context = { ...app, settings: settingsOf(app, answers) };
  const session = await sessionOf(context, answers);
  let learned: RoleList | undefined;
  if (verify) {
    const source = await openPortalSource(context, name, session);
    learned = (await source.learn({ onAccount })).list;
    if (grantedRoles(learned).length === 0) throw noRoles(true);
  }
  await writeSettings(context, answers, session);
  await team?.keep();
  const renewed = await reloadSettings(context);
  // Only now can names collide with another account's.
  const list = learned && await rememberNames(renewed, name);
  return { context: renewed, list };
}

/** The settings for the sign-in. */
function settingsOf(
  { settings: own }: AppContext,
  { name, inBrowser, team }: IdentityCenterAnswers,
): Settings {
  const settings = team?.settings ?? own;
  if (!inBrowser) return settings;
  const account = { ...settings.accounts.get(name), auth: "browser" } as const;
  return { ...settings, accounts: new Map(settings.accounts).set(name, account) };
}

/**
 * Uses an `[sso-session]` of the same portal if there is one, so that a sign-in by the AWS CLI
 * counts.
 */
async function sessionOf(
  { ports: { files }, paths }: AppContext,
  { name, startUrl, ssoRegion, askRegion }: IdentityCenterAnswers,
): Promise<SsoSession> {
  const url = parseStartUrl(startUrl);
  const { ssoSections = new Map() } = await readAwsProfiles(files, paths.awsConfig);
  const known = sectionFor(url, ssoSections);
  const region = ssoRegion ?? known?.region ?? await askRegion();
  if (!isRegion(region)) {
    throw new SettingsError(`${showUntrusted(region)} is not the name of a region`, {
      code: "bad_sso_region",
      hint: "pass a region such as eu-west-1: --sso-region eu-west-1",
    });
  }
  if (known?.region === region) return known;
  return { name, startUrl: url, region, scopes: scopesOf(undefined) };
}

async function writeSettings(
  context: AppContext,
  { name, region, team, inBrowser = false }: IdentityCenterAnswers,
  { name: session, startUrl, region: ssoRegion }: SsoSession,
): Promise<void> {
  const keys: IniSetting[] = [
    ["kind", "identity-center"],
    ["sso_start_url", startUrl],
    ["sso_region", ssoRegion],
  ];
  if (session !== name && session !== undefined) keys.push(["sso_session", session]);
  if (region !== undefined) keys.push(["region", region]);
  if (inBrowser) keys.push(["auth", "browser"]);
  // The account may have been an Okta account before.
  const drop = ["org", "username", "app", ...(inBrowser ? [] : ["auth"])];
  await writeAccount(context, { name, team, keys, drop });
}
