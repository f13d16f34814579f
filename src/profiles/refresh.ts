/**
 * `refresh`: gets the credentials of all granted roles and writes a profile for each.
 *
 * @module
 */

import type { KnownRole } from "../roles/role_match.ts";
import type { SessionPolicy } from "../aws/session_policy.ts";
import type { SessionCredentials } from "../aws/session_credentials.ts";
import type { OktaAwsError } from "../errors.ts";
import { freshUntil } from "../credentials/credential_document.ts";
import type { RoleList } from "../roles/role_list.ts";
import type { LearnedRoles } from "../roles/role_source.ts";
import { rememberWritten } from "../roles/remember_roles.ts";
import { assumeAll, type AssumeOptions, type Outcome } from "../credentials/assume_all.ts";
import { readAwsProfiles } from "../aws/files/aws_files.ts";
import type { AppContext } from "../app/context.ts";
import { isIdentityCenter } from "../identity_center/sso_account.ts";
import { outputFor, rolesOf } from "../roles/known_roles.ts";
import { noRoles } from "../credentials/role_source.ts";
import { addProfileName } from "./add_profile_name.ts";
import type { LearnedAccount, LearnOptions } from "./learn_account.ts";
import { type ProfileToWrite, writeProfiles } from "./write_profiles.ts";

/** What `refresh` was asked to do. */
export interface RefreshOptions extends AssumeOptions, LearnOptions {
  /** Change no AWS file. */
  dryRun: boolean;
  /** One more profile to write; exactly one role must be selected. */
  as?: string | undefined;
  /** Leaves roles out, unless the command line names some: plugins. */
  filterRoles: FilterRoles;
}

/** Chooses the roles of an account that are refreshed; it can't add any. */
export type FilterRoles = (
  account: string,
  roles: readonly KnownRole[],
) => Promise<KnownRole[]>;

/** A role with its credentials. */
export interface RefreshedRole extends KnownRole {
  /** Its profile's name. */
  profile: string;
  expiration: Date;
  credentials: SessionCredentials;
  region: string | undefined;
  /** What the session is limited to. */
  sessionPolicy: SessionPolicy | undefined;
  /** Until when cached credentials are returned, milliseconds since the Unix epoch. */
  freshUntil: number;
  /**
   * Whether a `credential_process` of the AWS config file provides them, so that none are written.
   */
  byProcess: boolean;
}

/** A role that failed. */
export interface FailedRole {
  role: KnownRole;
  roleArn: string;
  error: OktaAwsError;
}

/** An account that failed as a whole. */
export interface FailedAccount {
  account: string;
  error: OktaAwsError;
}

/** What came of it. */
export interface RefreshResult {
  profiles: RefreshedRole[];
  failed: FailedRole[];
  failedAccounts: FailedAccount[];
  /** Profiles removed from the credentials file. */
  removed: string[];
  /** Profiles that were written for the first time. */
  added: string[];
  /** Of a dry run: the change of the credentials file as a diff, without secrets. */
  diff: string;
  /** Whether an app that granted roles before has failed. */
  lostApp: boolean;
  /** The endpoint that issued the credentials, if it is not AWS's own. */
  foreignEndpoint: string | undefined;
}

/**
 * Refreshes the profiles of one account.
 *
 * @param chosen Its roles to refresh.
 * @throws {AssertionError} `no_roles`
 */
export async function refreshAccount(
  context: AppContext,
  { name: oktaAccount, source, learned, roles }: LearnedAccount,
  chosen: readonly KnownRole[],
  options: RefreshOptions,
): Promise<RefreshResult> {
  let { list } = learned;
  if (roles.length === 0) {
    await writeOutcomes(context, { learned, list, outcomes: [], options });
    throw noRoles(isIdentityCenter(context, oktaAccount));
  }
  let wanted = [...chosen];
  if (options.as !== undefined) {
    list = await addProfileName(context, list, { chosen: wanted, name: options.as });
    const [{ roleArn }] = wanted as [KnownRole];
    wanted = rolesOf(context, [list]).filter((role) => role.roleArn === roleArn);
  }
  const outcomes = await assumeAll(context, source, { ...options, roles: wanted });
  const result = await writeOutcomes(context, { learned, list, outcomes, options });
  const lostApp = learned.failed.some((app) => (list.apps[app]?.roles.length ?? 0) > 0);
  return { ...result, lostApp, failedAccounts: [] };
}

interface Refreshed {
  learned: LearnedRoles;
  /** As learnt, with the profile that `--as` adds. */
  list: RoleList;
  outcomes: readonly Outcome[];
  options: RefreshOptions;
}

/** The role's own profile, and those that the person named (`--as`). */
function profilesOf({ profile, also = [] }: KnownRole): string[] {
  return [profile!, ...also];
}

async function writeOutcomes(
  context: AppContext,
  { learned: { list: known, asked }, list, outcomes, options: { dryRun } }: Refreshed,
): Promise<Omit<RefreshResult, "lostApp" | "failedAccounts">> {
  const aws = await readAwsProfiles(context.ports.files, context.paths.awsConfig);
  const byProcess = (profile: string) => {
    const keys = aws.profile(profile);
    return keys !== undefined && (keys.has("credential_process") || keys.has("sso_account_id"));
  };
  const worked = outcomes.filter((outcome) => "held" in outcome);
  const toWrite = worked.flatMap(({ role, held, region }): ProfileToWrite[] =>
    profilesOf(role).map((profile) => ({
      profile,
      app: role.app,
      roleArn: role.roleArn,
      credentials: held.credentials,
      region,
      output: outputFor(context, role.roleArn),
    }))
  ).filter(({ profile }) => !byProcess(profile));
  const { refused, removed, diff } = await writeProfiles(context, {
    profiles: toWrite,
    list,
    asked,
    dryRun,
  });
  if (!dryRun) {
    const done = toWrite.filter(({ profile }) => !refused.has(profile))
      .map(({ profile, app, roleArn }) => [profile, { app, roleArn }] as const);
    const written = Object.fromEntries(done);
    await rememberWritten(context, known, { written, removed, also: list.also });
  }
  return {
    profiles: worked.flatMap(({ role, held, region, sessionPolicy }) =>
      profilesOf(role).filter((profile) => !refused.has(profile)).map((profile) => ({
        ...role,
        profile,
        region,
        sessionPolicy,
        credentials: held.credentials,
        expiration: held.credentials.expiration,
        freshUntil: freshUntil(held.issued, held.credentials.expiration.getTime()),
        byProcess: byProcess(profile),
      }))
    ),
    failed: outcomes.flatMap((outcome): FailedRole[] => {
      const { role, role: { roleArn } } = outcome;
      if ("error" in outcome) return [{ role, roleArn, error: outcome.error }];
      return profilesOf(role).map((profile) => refused.get(profile))
        .filter((error) => error !== undefined).map((error) => ({ role, roleArn, error }));
    }),
    removed,
    added: toWrite.map(({ profile }) => profile).filter((profile) =>
      list.written[profile] === undefined && !refused.has(profile)
    ),
    diff,
    foreignEndpoint: worked.find(({ endpoint }) => endpoint.custom)?.endpoint.url,
  };
}
