/**
 * From PROFILE and flags to a request for credentials: which account, which roles, for how long,
 * from which STS.
 *
 * @module
 */

import { partitionOfArn } from "../aws/partitions.ts";
import { type StsEndpoint, stsEndpoint } from "../aws/endpoints.ts";
import { type SsoEndpoint, ssoEndpoints } from "../identity_center/sso_endpoints.ts";
import { parseSsoRole, ssoRoleArn, type SsoSession } from "../identity_center/sso_session.ts";
import { parseRoleArn } from "../aws/arn.ts";
import { parseDuration } from "../settings/duration.ts";
import { type KnownRole, matchRole } from "../roles/role_match.ts";
import { resolveRoleTarget, type RoleStep, type RoleTarget } from "../roles/role_target.ts";
import { ProfileError, SettingsError, UsageError } from "../errors.ts";
import type { FactorPreference } from "../okta/factors/factor_preference.ts";
import type { CredentialKey } from "./credential_cache.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import { type StaticKeys, staticKeysOf } from "./static_keys.ts";
import { accountName } from "../settings/account_settings.ts";
import { isIdentityCenter, ssoAccountName, ssoSessionOf } from "../identity_center/sso_account.ts";
import type { LocalContext } from "../app/context.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";

/** The flags of the commands that hand out credentials. */
export interface CredentialFlags {
  /** `-t, --session-ttl` */
  sessionTtl?: number | "max";
  /** `-a, --assume-role-ttl`, seconds */
  assumeRoleTtl?: number;
  /** `-r, --assume-role-arn` */
  assumeRoleArn?: string;
  /** `--force` */
  force?: boolean;
}

/** A request for credentials. */
export interface CredentialRequest {
  /** What the person called it. */
  profile: string;
  /** The Okta account's name. */
  oktaAccount: string;
  /** The app that is to be asked, where that is known. */
  app: string | undefined;
  /** The factor that the profiles name. */
  mfa: FactorPreference;
  /** Names a session of its own, beside the account's. */
  sessionCookieKey?: string;
  /** From the assertion's role to the last one. */
  chain: RoleStep[];
  /** How long the assertion's role is to live. */
  duration: number | "max";
  /** How long the last role of a chain is to live, seconds. */
  assumeRoleSeconds: number | undefined;
  /** The region for a child's environment, where one is known. */
  region: string | undefined;
  /** The region as profile and settings have it, whatever the terminal's environment says. */
  profileRegion: string | undefined;
  /** Where STS is. */
  endpoint: StsEndpoint;
  /** The session of IAM Identity Center, where the first role is one of its portal. */
  sso?: SsoSession;
  /** Where that portal is. */
  portal?: SsoEndpoint & { region: string };
  /** The keys that the chain starts from in place of an assertion. */
  source?: StaticKeys;
}

/** The shortest and longest sessions that STS gives, seconds (AssumeRoleWithSAML). */
const SESSION_SECONDS = { shortest: 900, longest: 43_200, usual: 3600 };

/**
 * The key under which a request's credentials are cached.
 *
 * @param request The request.
 * @returns The key.
 */
export function cacheKey(request: CredentialRequest): CredentialKey {
  const { oktaAccount, chain, duration, assumeRoleSeconds, endpoint, portal, source } = request;
  const start = source === undefined ? [] : [plainStep(source.credentials.accessKeyId)];
  const steps = [...start, ...chain];
  return {
    account: oktaAccount,
    chain: steps,
    duration: steps.length > 1 ? assumeRoleSeconds ?? SESSION_SECONDS.usual : duration,
    endpoint: steps.length === 1 && portal !== undefined ? portal.url : endpoint.url,
  };
}

/**
 * Resolves PROFILE.
 *
 * @param profile What the person gave.
 * @param flags The command's flags.
 * @returns The request, or `undefined` where nothing that is known here fits: a role that has not
 * been seen yet may.
 * @throws {ProfileError} `ambiguous_profile`, `profile_loop`, `foreign_profile`, `bad_role_arn`
 */
export async function resolveRequest(
  context: LocalContext,
  profile: string,
  flags: CredentialFlags,
): Promise<CredentialRequest | undefined> {
  const { ports } = context;
  const roles = rolesOf(context, await readRoleLists(context));
  const { prefix } = naming(context);
  const override = flags.assumeRoleArn ?? ports.environment.get("AWS_ASSUME_ROLE_ARN");
  const target = await targetOf(context, profile);
  if (target !== undefined) {
    const start = target.startsFrom && matchRole(target.startsFrom, roles, prefix);
    const first: RoleStep[] = start ? [plainStep(start.roleArn)] : [];
    const chain = [...first, ...withOverride(target.chain, override)];
    if (chain.length === 0) return undefined;
    const { startsFrom, oktaAccount: named } = target;
    const granted = roles.filter((role) => !named || start || role.oktaAccount === named);
    // A role that the assertion grants needs no chain, and is not cut to an hour.
    const at = chain.findLastIndex(({ roleArn }) =>
      granted.some((role) => role.roleArn === roleArn)
    );
    const direct = granted.find((role) => role.roleArn === chain[at]?.roleArn);
    const source = startsFrom !== undefined && !direct
      ? await staticKeysOf(context, startsFrom)
      : undefined;
    if (startsFrom !== undefined && !direct && source === undefined) return undefined;
    const account = target.sso
      ? direct?.oktaAccount ?? ssoAccountName(context, target.sso)
      : accountName(context, direct?.oktaAccount ?? named);
    // What a profile says of its own role's app counts for more than what was seen.
    const own = at <= 0 && !start ? appOf(target.samlUrl, orgOf(context, account)) : undefined;
    return toRequest(context, profile, flags, {
      chain: direct ? chain.slice(at) : chain,
      oktaAccount: account,
      app: own ?? appOfAccount(context, chain[Math.max(at, 0)]!.roleArn, account) ?? direct?.app,
      target,
      source,
    });
  }
  const role = matchRole(profile, roles, prefix);
  const roleArn = override ?? role?.roleArn ?? parseRoleArn(profile)?.arn;
  if (roleArn === undefined) return undefined;
  const oktaAccount = role?.oktaAccount ?? accountName(context);
  return toRequest(context, profile, flags, {
    chain: [plainStep(roleArn)],
    oktaAccount,
    app: appOfAccount(context, roleArn, oktaAccount) ??
      (override === undefined ? role?.app : matchRole(override, roles, prefix)?.app),
  });
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
  const app = appOf(link, org);
  // Another Okta account's app grants this one nothing.
  return app !== undefined && new URL(app).origin === org ? app : undefined;
}

function orgOf({ settings }: LocalContext, account: string): string | undefined {
  return settings.accounts.get(account)?.org;
}

/** A profile that names an app and leaves the role open. */
export interface OpenProfile {
  /** The Okta account's name. */
  oktaAccount: string;
  /** The app's URL; every app of the account where it is left out. */
  app: string | undefined;
  /** The factor that the profiles name. */
  mfa: FactorPreference;
}

/**
 * What a profile of the AWS config file says that asks for credentials but not for which role.
 *
 * @param profile Its name.
 * @returns What it says, or `undefined` where there is no such profile or it has a role.
 */
export async function openProfile(
  context: LocalContext,
  profile: string,
): Promise<OpenProfile | undefined> {
  const target = await targetOf(context, profile);
  if (target === undefined || target.chain.length > 0) return undefined;
  if (target.startsFrom !== undefined) return undefined;
  const oktaAccount = accountName(context, target.oktaAccount);
  const app = appOf(target.samlUrl, orgOf(context, oktaAccount));
  return { oktaAccount, app, mfa: target.mfa };
}

/**
 * The request for a role that Okta grants, as `refresh` makes it.
 *
 * @param role The role.
 * @param flags The command's flags.
 * @returns The request.
 */
export function requestForRole(
  context: LocalContext,
  { roleArn, oktaAccount, app, profile = roleArn }: KnownRole,
  flags: CredentialFlags,
): Promise<CredentialRequest> {
  return toRequest(context, profile, flags, { chain: [plainStep(roleArn)], oktaAccount, app });
}

function plainStep(roleArn: string): RoleStep {
  return { roleArn, externalId: undefined, roleSessionName: undefined };
}

/**
 * A request for a role that is assumed from those of another request.
 *
 * @param request The other request.
 * @param roleArn The role.
 * @returns The request; where it asks for that role already, the same.
 * @throws {ProfileError} `bad_role_arn`
 */
export function requestFrom(request: CredentialRequest, roleArn: string): CredentialRequest {
  if (parseRoleArn(roleArn) === undefined) throw badRoleArn(request.profile, roleArn);
  if (request.chain.at(-1)!.roleArn === roleArn) return request;
  return { ...request, chain: [...request.chain, plainStep(roleArn)] };
}

/** aws-okta's `-r`, or AWS_ASSUME_ROLE_ARN, takes the place of the profile's own role. */
function withOverride(chain: RoleStep[], roleArn: string | undefined): RoleStep[] {
  return roleArn === undefined ? chain : [...chain.slice(0, -1), plainStep(roleArn)];
}

interface Resolved {
  chain: RoleStep[];
  oktaAccount: string;
  app: string | undefined;
  target?: RoleTarget;
  source?: StaticKeys | undefined;
}

async function toRequest(
  context: LocalContext,
  profile: string,
  flags: CredentialFlags,
  { chain: [base, ...steps], oktaAccount, app, target, source }: Resolved,
): Promise<CredentialRequest> {
  const isPortal = source === undefined && isIdentityCenter(context, oktaAccount);
  const sso = source === undefined && target?.sso ||
    (isPortal ? await ssoSessionOf(context, oktaAccount) : undefined);
  // For the assertion's role only its ARN counts.
  const first = plainStep(sso ? portalArn(base!.roleArn, sso) : base!.roleArn);
  const chain = [source === undefined ? first : base!, ...steps];
  const { settings, ports: { environment: { get } } } = context;
  const account = settings.accounts.get(oktaAccount) ?? {};
  const broken = chain.find(({ roleArn }) => parseRoleArn(roleArn) === undefined);
  if (broken !== undefined) throw badRoleArn(profile, broken.roleArn);
  const last = chain.at(-1)!.roleArn;
  const awsAccount = settings.awsAccounts.get(last.split(":")[4]!);
  const region = target?.region ?? awsAccount?.region ?? account.region;
  const ttl = flags.sessionTtl ?? sessionTtl(get("AWS_SESSION_TTL"), "AWS_SESSION_TTL") ??
    target?.sessionTtl ?? account.session_ttl ?? SESSION_SECONDS.usual;
  return {
    profile,
    oktaAccount,
    ...(source && { source }),
    ...(sso && {
      sso,
      portal: { ...ssoEndpoints(sso.region, get).portal, region: sso.region },
    }),
    ...(target?.sessionCookieKey && { sessionCookieKey: target.sessionCookieKey }),
    app: app ?? appOf(target?.samlUrl, account.org),
    mfa: target?.mfa ?? { provider: undefined, factorType: undefined },
    chain,
    duration: checkedDuration(ttl),
    assumeRoleSeconds: flags.assumeRoleTtl ??
      environmentTtl(get("AWS_ASSUME_ROLE_TTL"), "AWS_ASSUME_ROLE_TTL") ?? target?.assumeRoleTtl,
    region: get("AWS_REGION") ?? get("AWS_DEFAULT_REGION") ?? region,
    profileRegion: region,
    // Without AWS_REGION: which region a terminal works in must not cost another sign-in.
    endpoint: stsEndpoint({
      partition: partitionOfArn(last)?.name ?? last.split(":")[1]!,
      region,
      get,
    }),
  };
}

/** However a role of the portal is named, its credentials are kept once. */
function portalArn(roleArn: string, { region }: SsoSession): string {
  const role = parseSsoRole(roleArn);
  return role === undefined ? roleArn : ssoRoleArn(role.accountId, role.roleName, region);
}

/** aws-okta wrote the app as a path on the org, with or without its slash. */
function appOf(samlUrl: string | undefined, org: string | undefined): string | undefined {
  if (samlUrl === undefined || org === undefined) return undefined;
  const relative = /^https?:/i.test(samlUrl) ? samlUrl : `/${samlUrl.replace(/^\/+/, "")}`;
  return URL.parse(relative, org)?.href;
}

function badRoleArn(profile: string, roleArn: string): ProfileError {
  return new ProfileError(`${showUntrusted(profile)} names no role: ${showUntrusted(roleArn)}`, {
    code: "bad_role_arn",
    hint: "a role's ARN looks like arn:aws:iam::123456789012:role/Name",
  });
}

/** `max` is a word of `session_ttl` alone. */
function sessionTtl(value: string | undefined, name: string): number | "max" | undefined {
  return value?.toLowerCase() === "max" ? "max" : environmentTtl(value, name);
}

function environmentTtl(value: string | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const seconds = parseDuration(value);
  if (seconds !== undefined) return seconds;
  throw new SettingsError(`${name} is not a duration: ${showUntrusted(value)}`, {
    code: "bad_duration",
    hint: "write 1h, 90m or seconds",
  });
}

function checkedDuration(ttl: number | "max"): number | "max" {
  const { shortest, longest } = SESSION_SECONDS;
  if (ttl === "max" || (ttl >= shortest && ttl <= longest)) return ttl;
  throw new UsageError(`a session of ${ttl} seconds: AWS gives 15 minutes to 12 hours`, {
    code: "bad_duration",
    hint: "mend --session-ttl, AWS_SESSION_TTL or session_ttl",
  });
}
