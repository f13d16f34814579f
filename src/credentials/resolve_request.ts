/**
 * From PROFILE and flags to a request for credentials, with what is known on this machine: the AWS
 * files, the settings, and the roles that Okta was last seen to grant. Nothing is asked of the
 * network; `profiles/resolve_profile.ts` does that for what is not known yet.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import { parseRoleArn } from "../aws/arn.ts";
import { readAwsProfiles, readLossless } from "../aws/files/aws_files.ts";
import { mergeSharedConfig, parseSharedConfig, propertyOf } from "../aws/files/shared_config.ts";
import { ssoAccountName } from "../identity_center/sso_account.ts";
import type { FactorPreference } from "../okta/factors/factor_preference.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { type KnownRole, matchRole } from "../roles/role_match.ts";
import type { RoleStep } from "../roles/role_step.ts";
import { resolveRoleTarget, type RoleTarget } from "../roles/role_target.ts";
import { Secret } from "../secret.ts";
import { accountName } from "../settings/account_settings.ts";
import {
  appUrl,
  buildRequest,
  type CredentialFlags,
  type CredentialRequest,
  plainStep,
  type StaticKeys,
} from "./credential_request.ts";
import { sectionKeysOf } from "./section_keys.ts";

/**
 * Resolves PROFILE.
 *
 * @returns `undefined` if nothing known here matches: a role that has not been seen yet may.
 * @throws {ProfileError} `ambiguous_profile`, `profile_loop`, `foreign_profile`, `bad_role_arn`
 */
export async function resolveRequest(
  context: LocalContext,
  profile: string,
  flags: CredentialFlags,
): Promise<CredentialRequest | undefined> {
  const roles = rolesOf(context, await readRoleLists(context));
  const { prefix } = naming(context);
  const override = flags.assumeRoleArn ?? context.ports.environment.get("AWS_ASSUME_ROLE_ARN");
  const target = await targetOf(context, profile);
  if (target !== undefined) {
    return await requestOfTarget(context, { profile, flags, target, roles, override });
  }
  const alias = context.settings.aliases.get(profile)?.role;
  if (alias !== undefined && alias !== profile) {
    return await resolveAlias(context, { profile, role: alias, flags });
  }
  const role = matchRole(profile, roles, prefix);
  const roleArn = override ?? role?.roleArn ?? parseRoleArn(profile)?.arn;
  if (roleArn === undefined) return undefined;
  const oktaAccount = role?.oktaAccount ?? accountName(context);
  return buildRequest(context, {
    profile,
    flags,
    chain: [plainStep(roleArn)],
    oktaAccount,
    section: await sectionKeysOf(context, profile, role?.profile),
    app: appOfAccount(context, roleArn, oktaAccount) ??
      (override === undefined ? role?.app : matchRole(override, roles, prefix)?.app),
  });
}

/** `[alias NAME]` may name anything but another alias. The request keeps the alias as its name. */
async function resolveAlias(
  context: LocalContext,
  { profile, role, flags }: { profile: string; role: string; flags: CredentialFlags },
): Promise<CredentialRequest | undefined> {
  const plain = { ...context, settings: { ...context.settings, aliases: new Map() } };
  const request = await resolveRequest(plain, role, flags);
  return request && { ...request, profile };
}

interface TargetQuery {
  profile: string;
  flags: CredentialFlags;
  target: RoleTarget;
  /** All known roles. */
  roles: readonly KnownRole[];
  /** The role that `-r` or AWS_ASSUME_ROLE_ARN names. */
  override: string | undefined;
}

/** The request for a profile of the AWS config file. */
async function requestOfTarget(
  context: LocalContext,
  { profile, flags, target, roles, override }: TargetQuery,
): Promise<CredentialRequest | undefined> {
  const { startsFrom, oktaAccount: named } = target;
  const start = startsFrom && matchRole(startsFrom, roles, naming(context).prefix);
  const first: RoleStep[] = start ? [plainStep(start.roleArn)] : [];
  const chain = [...first, ...withOverride(target.chain, override)];
  if (chain.length === 0) return undefined;
  const granted = roles.filter((role) => !named || start || role.oktaAccount === named);
  // A role that the assertion grants needs no chain, and is not cut to an hour.
  const at = chain.findLastIndex(({ roleArn }) => granted.some((role) => role.roleArn === roleArn));
  const direct = granted.find((role) => role.roleArn === chain[at]?.roleArn);
  const source = startsFrom !== undefined && !direct
    ? await staticKeysOf(context, startsFrom)
    : undefined;
  if (startsFrom !== undefined && !direct && source === undefined) return undefined;
  const account = target.sso
    ? direct?.oktaAccount ?? ssoAccountName(context, target.sso)
    : accountName(context, direct?.oktaAccount ?? named);
  // What a profile says of its own role's app counts for more than what was seen.
  const own = at <= 0 && !start ? appUrl(target.samlUrl, orgOf(context, account)) : undefined;
  return buildRequest(context, {
    profile,
    flags,
    chain: direct ? chain.slice(at) : chain,
    oktaAccount: account,
    app: own ?? appOfAccount(context, chain[Math.max(at, 0)]!.roleArn, account) ?? direct?.app,
    target,
    source,
  });
}

/** aws-okta's `-r`, or AWS_ASSUME_ROLE_ARN, replaces the profile's own role. */
function withOverride(chain: RoleStep[], roleArn: string | undefined): RoleStep[] {
  return roleArn === undefined ? chain : [...chain.slice(0, -1), plainStep(roleArn)];
}

async function targetOf(
  { ports: { files }, paths }: LocalContext,
  profile: string,
): Promise<RoleTarget | undefined> {
  const profiles = await readAwsProfiles(files, paths.awsConfig, paths.awsCredentials);
  return resolveRoleTarget(profile, profiles);
}

/** `[aws-account]` may say which app grants the account's roles. */
function appOfAccount(
  context: LocalContext,
  roleArn: string,
  oktaAccount: string,
): string | undefined {
  const link = context.settings.awsAccounts.get(roleArn.split(":")[4] ?? "")?.app;
  const org = orgOf(context, oktaAccount);
  const app = appUrl(link, org);
  // Another Okta account's app grants this one nothing.
  return app !== undefined && new URL(app).origin === org ? app : undefined;
}

function orgOf({ settings }: LocalContext, account: string): string | undefined {
  return settings.accounts.get(account)?.org;
}

/** A profile that names an app and leaves the role open. */
export interface OpenProfile {
  /** The account's name in the settings. */
  oktaAccount: string;
  /** The app's URL; default: every app of the account. */
  app: string | undefined;
  /** The factor that the profiles name. */
  mfa: FactorPreference;
}

/** @returns `undefined` if there is no such profile, or if it names a role. */
export async function openProfile(
  context: LocalContext,
  profile: string,
): Promise<OpenProfile | undefined> {
  const target = await targetOf(context, profile);
  if (target === undefined || target.chain.length > 0) return undefined;
  if (target.startsFrom !== undefined) return undefined;
  const oktaAccount = accountName(context, target.oktaAccount);
  const app = appUrl(target.samlUrl, orgOf(context, oktaAccount));
  return { oktaAccount, app, mfa: target.mfa };
}

/** The static keys of a profile, from both AWS files as the SDKs read them. */
async function staticKeysOf(
  { ports: { files }, paths }: LocalContext,
  profile: string,
): Promise<StaticKeys | undefined> {
  const { profiles } = mergeSharedConfig(
    parseSharedConfig(await readLossless(files, paths.awsConfig), "config"),
    parseSharedConfig(await readLossless(files, paths.awsCredentials), "credentials"),
  );
  const section = profiles.get(profile);
  const accessKeyId = propertyOf(section, "aws_access_key_id");
  const secretAccessKey = propertyOf(section, "aws_secret_access_key");
  const sessionToken = propertyOf(section, "aws_session_token");
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return {
    profile,
    credentials: {
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      ...(sessionToken && { sessionToken: new Secret(sessionToken) }),
    },
  };
}
