/**
 * What a PROFILE of the AWS config file resolves to: a role of the assertion, and the roles that
 * are assumed from it one after the other (docs/cli, "What PROFILE names", 1).
 *
 * @module
 */

import type { AwsProfiles } from "../aws/files/aws_files.ts";
import { type EndpointKeys, endpointKeys } from "../aws/endpoint_variables.ts";
import { ssoRoleArn, type SsoSession } from "../aws/sso_session.ts";
import { ProfileError, SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { parseDuration } from "../settings/duration.ts";
import { sessionOfProfile } from "../aws/files/sso_sections.ts";
import type { RoleStep } from "./role_step.ts";
import { sessionMarks } from "./session_marks.ts";
import { type PolicyKeys, policyKeys } from "./profile_policy.ts";

/** A chain of roles, and what else its profiles say. */
export interface RoleTarget {
  /** From the assertion's role to the last one; empty if the profile leaves the role open. */
  chain: RoleStep[];
  /**
   * The profile that the chain starts from instead of a first role: one of ours (`okta-…`), or one
   * whose credentials don't come through Okta or whose role is open.
   */
  startsFrom: string | undefined;
  /** The Okta account that the profiles name. */
  oktaAccount: string | undefined;
  /** The app's address as aws-okta writes it: a path on the org, or absolute. */
  samlUrl: string | undefined;
  /** Session length of the assertion's role, seconds. */
  sessionTtl: number | "max" | undefined;
  /** Session length of the last role of a chain, seconds. */
  assumeRoleTtl: number | undefined;
  region: string | undefined;
  /** aws-okta's `okta_session_cookie_key`: an Okta session apart from the account's. */
  sessionCookieKey?: string;
  /** The session of IAM Identity Center, if the first role comes from its portal. */
  sso?: SsoSession;
  /** What the profiles say about endpoints. */
  endpointKeys?: EndpointKeys;
  policyKeys?: PolicyKeys;
  mfa: {
    provider: string | undefined;
    factorType: string | undefined;
    duoDevice: string | undefined;
  };
}

type Keys = ReadonlyMap<string, string>;

/** The profiles from the named one to the one that its `source_profile` keys end in. */
function follow(name: string, aws: AwsProfiles): { profiles: Keys[]; startsFrom?: string } {
  const names: string[] = [];
  const profiles: Keys[] = [];
  for (let at: string | undefined = name; at !== undefined;) {
    if (names.includes(at)) {
      // The SDKs let a profile name itself if it has static keys.
      const hasKeys = profiles.at(-1)!.has("aws_access_key_id") || aws.hasKeys?.(at);
      if (at === names.at(-1) && hasKeys) return { profiles, startsFrom: at };
      throw loop([...names, at]);
    }
    const section: Keys | undefined = names.length > 0 ? oktaSection(at, aws) : undefined;
    const keys: Keys | undefined = aws.profile(at) ?? section;
    // A source that is no profile of the file may be one of those that `refresh` writes.
    if (keys === undefined) return { profiles, startsFrom: at };
    // The SDKs stop at a source that has keys, even if it has a role too.
    const isSource = names.length > 0;
    if (isSource && (keys.has("aws_access_key_id") || aws.hasKeys?.(at))) {
      return { profiles, startsFrom: at };
    }
    names.push(at);
    profiles.push(keys);
    if (names.length > 1 && !isOurs(keys, aws)) return { profiles, startsFrom: at };
    at = keys.get("source_profile");
  }
  return { profiles };
}

/** For aws-okta the section `[okta]` was a profile like others, and a `source_profile`. */
function oktaSection(name: string, { okta }: AwsProfiles): Keys | undefined {
  return name === "okta" && okta.size > 0 ? okta : undefined;
}

/** Whether a source's credentials come through Okta by what the AWS config file says. */
function isOurs(keys: Keys, aws: AwsProfiles): boolean {
  if (keys.has("source_profile")) return true;
  return toRoleArn(keys, aws) !== undefined && foreignSource(keys, aws) === undefined;
}

function toRoleArn(keys: Keys, { ssoSections }: AwsProfiles): string | undefined {
  const session = sessionOfProfile(keys, ssoSections);
  if (session !== undefined) {
    return ssoRoleArn(keys.get("sso_account_id")!, keys.get("sso_role_name")!, session.region);
  }
  return keys.get("okta_aws_role_arn") ?? keys.get("role_arn");
}

function foreignSource(keys: Keys, { ssoSections }: AwsProfiles): string | undefined {
  if (sessionOfProfile(keys, ssoSections) !== undefined) return undefined;
  return [...keys.keys()].find((key) => FOREIGN_SOURCES.includes(key) || key.startsWith("sso_"));
}

function loop(names: string[]): ProfileError {
  const chain = names.map(showUntrusted).join(" → ");
  return new ProfileError(`source_profile loops: ${chain}`, {
    code: "profile_loop",
    hint: "fix source_profile in the AWS config file",
  });
}

const FOREIGN_SOURCES = ["credential_source", "web_identity_token_file"];

/** Looks up a key along `source_profile`, then in `[okta]`. */
function lookUp(key: string, profiles: readonly Keys[], okta: Keys): string | undefined {
  return profiles.find((keys) => keys.has(key))?.get(key) ?? okta.get(key);
}

function toChain(profiles: readonly Keys[], aws: AwsProfiles): RoleStep[] {
  const { okta } = aws;
  const steps = profiles.flatMap((keys, index) => {
    const roleArn = toRoleArn(keys, aws);
    // A source that is not ours is only the start of the chain.
    if (roleArn === undefined || !isOurs(keys, aws)) return [];
    const along = profiles.slice(index);
    // A device belongs to one step: the others are signed with a session, which has no MFA.
    const mfaSerial = keys.get("mfa_serial");
    return [{
      roleArn,
      externalId: lookUp("external_id", along, okta),
      roleSessionName: lookUp("role_session_name", along, okta),
      ...(mfaSerial && { mfaSerial }),
      ...sessionMarks(keys, lookUp("source_identity", along, okta)),
    }];
  });
  return steps.reverse();
}

function readDuration(key: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const seconds = parseDuration(value);
  if (seconds !== undefined) return seconds;
  throw new SettingsError(
    `${key} in the AWS config file is not a duration: ${showUntrusted(value)}`,
    {
      code: "bad_duration",
      hint: "use a duration such as 1h, 90m, or seconds",
    },
  );
}

/**
 * Resolves a profile of the AWS config file.
 *
 * @returns `undefined` if there is no such profile, or it is not for us.
 * @throws {ProfileError} `profile_loop`, `foreign_profile`
 */
export function resolveRoleTarget(name: string, aws: AwsProfiles): RoleTarget | undefined {
  const { profiles, startsFrom } = follow(name, aws);
  const named = profiles[0];
  if (named === undefined) return undefined;
  const base = profiles.at(-1)!;
  if (startsFrom === undefined) refuseForeign(name, base, aws);
  const inherited = (key: string) => lookUp(key, profiles, aws.okta);
  const chain = toChain(profiles, aws);
  if (chain.length === 0 && startsFrom === undefined) {
    if (!wantsRole(named, inherited)) return undefined;
    chain.push(...toChain([aws.okta], aws));
  }
  const ttl = inherited("session_ttl");
  const sessionCookieKey = inherited("okta_session_cookie_key");
  const sso = startsFrom === undefined ? sessionOfProfile(base, aws.ssoSections) : undefined;
  const keys = endpointKeys(inherited);
  const policies = policyKeys([...profiles, aws.okta]);
  return {
    chain,
    startsFrom,
    oktaAccount: inherited("okta_account_name"),
    samlUrl: inherited("aws_saml_url"),
    sessionTtl: ttl?.toLowerCase() === "max"
      ? "max"
      : readDuration("session_ttl", ttl ?? lookUp("duration_seconds", [base], aws.okta)),
    assumeRoleTtl: readDuration(
      "assume_role_ttl",
      inherited("assume_role_ttl") ?? named.get("duration_seconds"),
    ),
    region: inherited("region"),
    ...(sessionCookieKey && { sessionCookieKey }),
    ...(sso && { sso: { ...sso, ...(keys && { endpointKeys: keys }) } }),
    ...(keys && { endpointKeys: keys }),
    ...(policies && { policyKeys: policies }),
    mfa: {
      provider: inherited("mfa_provider"),
      factorType: inherited("mfa_factor_type"),
      duoDevice: inherited("mfa_duo_device"),
    },
  };
}

/**
 * Whether a profile without its own role asks Okta for one. One that already has credentials
 * does not, such as those that `setup-profiles` writes.
 */
function wantsRole(named: Keys, inherited: (key: string) => string | undefined): boolean {
  if (named.has("aws_saml_url")) return true;
  if (named.has("credential_process") || named.has("aws_access_key_id")) return false;
  return inherited("aws_saml_url") !== undefined || inherited("okta_aws_role_arn") !== undefined;
}

function refuseForeign(name: string, base: Keys, aws: AwsProfiles): void {
  const foreign = foreignSource(base, aws);
  if (foreign === undefined) return;
  throw new ProfileError(
    `the profile ${showUntrusted(name)} gets its credentials by ${foreign}, not through Okta`,
    { code: "foreign_profile", hint: "use it with the AWS CLI directly" },
  );
}
