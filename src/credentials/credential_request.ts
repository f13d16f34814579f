/**
 * A request for credentials: which account, which roles, for how long, from which STS. What a
 * person gives as PROFILE becomes one in `resolve_request.ts`.
 *
 * @module
 */

import type { LocalContext } from "../app/context.ts";
import { checkChain } from "./chain_limits.ts";
import { parseRoleArn } from "../aws/arn.ts";
import { type EndpointKeys, withEndpointKeys } from "../aws/endpoint_variables.ts";
import {
  regionWithin,
  type SsoEndpoint,
  ssoEndpoints,
  type StsEndpoint,
  stsEndpoint,
} from "../aws/endpoints.ts";
import { type Partition, partitionNamed, partitionOfArn } from "../aws/partitions.ts";
import { parseSsoRole, ssoRoleArn, type SsoSession } from "../aws/sso_session.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import type { SigningCredentials } from "../aws/sts/sts_calls.ts";
import { ProfileError, SettingsError, UsageError } from "../errors.ts";
import { isIdentityCenter, ssoSessionOf } from "../identity_center/sso_account.ts";
import type { FactorPreference } from "../okta/factors/factor_preference.ts";
import { type SectionKeys, sectionKeysOf } from "./section_keys.ts";
import type { KnownRole } from "../roles/role_match.ts";
import type { RoleRequest } from "../roles/role_source.ts";
import type { RoleStep } from "../roles/role_step.ts";
import type { RoleTarget } from "../roles/role_target.ts";
import { parseDuration } from "../settings/duration.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { CredentialKey } from "./credential_cache.ts";
import { noPortalPolicy, type PolicyFlags, sessionPolicyFor } from "./session_policies.ts";

/** The flags of the commands that print or use credentials. */
export interface CredentialFlags {
  /** `-t, --session-ttl`, seconds */
  sessionTtl?: number | "max";
  /** `-a, --assume-role-ttl`, seconds */
  assumeRoleTtl?: number;
  /** `-r, --assume-role-arn` */
  assumeRoleArn?: string;
  force?: boolean;
  /** `--policy`, `--read-only` */
  sessionPolicy?: PolicyFlags;
}

export interface CredentialRequest {
  /** As the person named it. */
  profile: string;
  /** The account's name in the settings. */
  oktaAccount: string;
  /** Who signs in, by the settings. */
  identity: { org: string; username: string };
  /** The URL of the app that grants the first role, if known. */
  app: string | undefined;
  /** The factor that the profiles name. */
  mfa: FactorPreference;
  /** aws-okta's `okta_session_cookie_key`: an Okta session apart from the account's. */
  sessionCookieKey?: string;
  /** From the assertion's role to the last one; never empty. */
  chain: RoleStep[];
  /** Session length of the first role, seconds. */
  duration: number | "max";
  /** Session length of the last role of a chain, seconds. */
  assumeRoleSeconds: number | undefined;
  /** The region for a child's environment. */
  region: string | undefined;
  /** The region by profile and settings, whatever the environment says. */
  profileRegion: string | undefined;
  endpoint: StsEndpoint;
  /** What the profile says about endpoints. */
  endpointKeys?: EndpointKeys;
  /** Set if the first role comes from a portal of IAM Identity Center. */
  sso?: SsoSession;
  /** That portal's endpoint. */
  portal?: SsoEndpoint & { region: string };
  /** Static keys that the chain starts from instead of an assertion. */
  source?: StaticKeys;
  /** Narrows the session of the last role. */
  sessionPolicy?: SessionPolicy;
  /** The files that the session policy was read from. */
  policyFiles: readonly string[];
}

/** The keys of a profile that has its own. */
export interface StaticKeys {
  profile: string;
  credentials: SigningCredentials;
}

/** The shortest and longest sessions that `AssumeRoleWithSAML` allows, seconds. */
const SESSION_SECONDS = { shortest: 900, longest: 43_200, usual: 3600 };

/** The key under which a request's credentials are cached. */
export function cacheKey(request: CredentialRequest): CredentialKey {
  const { oktaAccount, identity, chain, duration, assumeRoleSeconds, endpoint, portal, source } =
    request;
  const { sessionPolicy } = request;
  const start = source === undefined ? [] : [plainStep(source.credentials.accessKeyId)];
  const steps = [...start, ...chain];
  return {
    account: oktaAccount,
    ...identity,
    chain: steps,
    duration: steps.length > 1 ? assumeRoleSeconds ?? SESSION_SECONDS.usual : duration,
    endpoint: steps.length === 1 && portal !== undefined ? portal.url : endpoint.url,
    ...(sessionPolicy && { sessionPolicy }),
  };
}

/** The request for a role that Okta grants, as `refresh` makes it. */
export async function requestForRole(
  context: LocalContext,
  { roleArn, oktaAccount, app, profile = roleArn }: KnownRole,
  flags: CredentialFlags,
): Promise<CredentialRequest> {
  const chain = [plainStep(roleArn)];
  const section = await sectionKeysOf(context, profile);
  return buildRequest(context, { profile, flags, chain, oktaAccount, app, section });
}

/** What the first role of a chain is fetched by. */
export function roleRequest(
  { chain, app, duration, endpoint, sessionPolicy }: CredentialRequest,
  again = false,
): RoleRequest {
  return { roleArn: chain[0]!.roleArn, app, duration, endpoint, sessionPolicy, again };
}

/**
 * The request for a role that is assumed from the credentials of another request; the same request
 * if it is for that role already.
 *
 * @throws {ProfileError} `bad_role_arn`
 */
export function requestFrom(request: CredentialRequest, roleArn: string): CredentialRequest {
  if (parseRoleArn(roleArn) === undefined) throw badRoleArn(request.profile, roleArn);
  if (request.chain.at(-1)!.roleArn === roleArn) return request;
  return { ...request, chain: [...request.chain, plainStep(roleArn)] };
}

/**
 * The partition of a request's last role, and the region of that partition that the environment or
 * the profile names.
 *
 * @throws {SettingsError} `invalid_region`
 */
export function roleRegion(
  { chain, region }: Pick<CredentialRequest, "chain" | "region">,
): { partition: Partition; region: string } {
  const partition = partitionOfArn(chain.at(-1)!.roleArn) ?? partitionNamed("aws")!;
  // The SDKs' name for STS without a region: it has neither clusters nor tokens.
  const named = region === "aws-global" ? undefined : region;
  return { partition, region: regionWithin(partition, named) };
}

/** A role without the extras that a profile can ask for. */
export function plainStep(roleArn: string): RoleStep {
  return { roleArn, externalId: undefined, roleSessionName: undefined };
}

/** What is known of a request before settings and environment fill in the rest. */
export interface RequestDraft {
  profile: string;
  flags: CredentialFlags;
  chain: RoleStep[];
  oktaAccount: string;
  app: string | undefined;
  target?: RoleTarget;
  source?: StaticKeys | undefined;
  /** Of the profile in the AWS config file; default: the target's. */
  section?: SectionKeys;
}

/**
 * Fills in session, durations, region and endpoint.
 *
 * @throws {ProfileError} `bad_role_arn`
 * @throws {SettingsError} `bad_duration`, and those of the endpoints.
 * @throws {UsageError} `bad_duration`
 */
export async function buildRequest(
  context: LocalContext,
  draft: RequestDraft,
): Promise<CredentialRequest> {
  const { profile, flags, chain: [base, ...steps], oktaAccount, target, source } = draft;
  const isPortal = source === undefined && isIdentityCenter(context, oktaAccount);
  const sso = source === undefined && target?.sso ||
    (isPortal ? await ssoSessionOf(context, oktaAccount) : undefined);
  // For the assertion's role only its ARN counts.
  const first = plainStep(sso ? portalArn(base!.roleArn, sso) : base!.roleArn);
  const chain = [source === undefined ? first : base!, ...steps];
  const { settings, ports: { environment } } = context;
  const { endpointKeys, policyKeys } = draft.section ?? target ?? {};
  const get = withEndpointKeys(environment.get, endpointKeys);
  const account = settings.accounts.get(oktaAccount) ?? {};
  const broken = chain.find(({ roleArn }) => parseRoleArn(roleArn) === undefined);
  if (broken !== undefined) throw badRoleArn(profile, broken.roleArn);
  const last = chain.at(-1)!.roleArn;
  const policy = await sessionPolicyFor(context, {
    flags: flags.sessionPolicy,
    profile: policyKeys,
    oktaAccount,
    roleArn: last,
  });
  if (policy.sessionPolicy !== undefined && sso && chain.length === 1) throw noPortalPolicy();
  const awsAccount = settings.awsAccounts.get(last.split(":")[4]!);
  const region = target?.region ?? awsAccount?.region ?? account.region;
  const ttl = flags.sessionTtl ?? sessionTtl(get("AWS_SESSION_TTL"), "AWS_SESSION_TTL") ??
    target?.sessionTtl ?? account.session_ttl ?? SESSION_SECONDS.usual;
  const assumeRoleSeconds = flags.assumeRoleTtl ??
    environmentTtl(get("AWS_ASSUME_ROLE_TTL"), "AWS_ASSUME_ROLE_TTL") ?? target?.assumeRoleTtl;
  checkChain(source === undefined ? steps : chain, assumeRoleSeconds);
  return {
    profile,
    oktaAccount,
    identity: { org: account.org ?? "", username: account.username ?? "" },
    ...(source && { source }),
    ...(endpointKeys && { endpointKeys }),
    ...policy,
    ...(sso && {
      sso,
      portal: { ...ssoEndpoints(sso.region, get).portal, region: sso.region },
    }),
    ...(target?.sessionCookieKey && { sessionCookieKey: target.sessionCookieKey }),
    app: draft.app ?? appUrl(target?.samlUrl, account.org),
    mfa: target?.mfa ?? { provider: undefined, factorType: undefined },
    chain,
    duration: checkedDuration(ttl),
    assumeRoleSeconds,
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

/** Credentials of a portal's role are kept once, in whichever of its forms the ARN is given. */
function portalArn(roleArn: string, { region }: SsoSession): string {
  const role = parseSsoRole(roleArn);
  return role === undefined ? roleArn : ssoRoleArn(role.accountId, role.roleName, region);
}

/** aws-okta wrote the app as a path on the org, with or without a leading slash. */
export function appUrl(samlUrl: string | undefined, org: string | undefined): string | undefined {
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

/** Only `session_ttl` can be `max`. */
function sessionTtl(value: string | undefined, name: string): number | "max" | undefined {
  return value?.toLowerCase() === "max" ? "max" : environmentTtl(value, name);
}

function environmentTtl(value: string | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const seconds = parseDuration(value);
  if (seconds !== undefined) return seconds;
  throw new SettingsError(`${name} is not a duration: ${showUntrusted(value)}`, {
    code: "bad_duration",
    hint: "use a duration such as 1h, 90m, or seconds",
  });
}

function checkedDuration(ttl: number | "max"): number | "max" {
  const { shortest, longest } = SESSION_SECONDS;
  if (ttl === "max" || (ttl >= shortest && ttl <= longest)) return ttl;
  throw new UsageError(
    `a session of ${ttl} seconds is out of range: AWS allows 15 minutes to 12 hours`,
    {
      code: "bad_duration",
      hint: "fix --session-ttl, AWS_SESSION_TTL or session_ttl",
    },
  );
}
