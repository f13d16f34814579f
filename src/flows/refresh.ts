/**
 * `refresh`: every role of the assertions, at once; a profile for each.
 *
 * @module
 */

import type { StsEndpoint } from "../aws/endpoints.ts";
import { isAssertionExpired } from "../aws/sts_errors.ts";
import type { KnownRole } from "../config/role_match.ts";
import { OktaAwsError } from "../errors.ts";
import { withAccountLock } from "../store/account_lock.ts";
import type { CachedCredentials } from "../store/credential_cache.ts";
import { openRoleList, type RoleList } from "../store/role_list.ts";
import { readAwsProfiles } from "./aws_files.ts";
import { assumeGrantedRole, type StsContext } from "./assume_role.ts";
import type { Conversation } from "./conversation.ts";
import { cacheKey, type CredentialFlags, requestForRole } from "./credential_request.ts";
import { fetchAssertions } from "./learn_roles.ts";
import { type AppAssertion, obtainAssertion } from "./obtain_assertion.ts";
import { openCache } from "./obtain_credentials.ts";
import { accountName } from "./account_settings.ts";
import { type OktaAccount, openAccount } from "./okta_account.ts";
import type { Program } from "./program.ts";
import { rolesOf } from "./known_roles.ts";
import { nameAndRememberRoles } from "./remember_roles.ts";
import { selectRoles } from "./select_roles.ts";
import { type ProfileToWrite, writeProfiles } from "./write_profiles.ts";

/** What `refresh` was asked to do. */
export interface RefreshOptions {
  /** Only these roles; nothing is all. */
  words: readonly string[];
  /** Durations, and whether cached credentials are passed over. */
  flags: CredentialFlags;
  /** Change no file of the person's. */
  dryRun: boolean;
  /** Told before each role: how many are done, of how many, and which is next. */
  onProgress: (done: number, total: number, role: KnownRole) => void;
}

/** A role with its credentials. */
export interface RefreshedRole extends KnownRole {
  /** Its profile's name. */
  profile: string;
  /** When the credentials end. */
  expiration: Date;
  /** Whether a `credential_process` of the AWS config file hands them out, so that none is written. */
  byProcess: boolean;
}

/** A role that could not be had. */
export interface FailedRole {
  /** The role. */
  roleArn: string;
  /** Why. */
  error: OktaAwsError;
}

/** What came of it. */
export interface RefreshResult {
  /** The roles that worked. */
  profiles: RefreshedRole[];
  /** The roles that did not. */
  failed: FailedRole[];
  /** Profiles that were taken out of the credentials file. */
  removed: string[];
  /** The change of the credentials file as a diff, secrets left out. */
  diff: string;
  /** Where the credentials come from, where that is not AWS itself. */
  foreignEndpoint: string | undefined;
}

/**
 * Refreshes an Okta account's profiles.
 *
 * @param program The run.
 * @param conversation Who is told and asked.
 * @param options What to do.
 * @returns What came of it; a role that STS refuses does not keep the others from being written.
 */
export async function refresh(
  program: Program,
  conversation: Conversation,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const { ports: { files }, paths } = program;
  const account = await openAccount(program, accountName(program), conversation);
  const onWait = () => void conversation.say("waiting for another okta-aws that signs in");
  return await withAccountLock(files, paths.cache, account.name, onWait, async () => {
    const fetched = await fetchAssertions(account, conversation);
    const list = await nameAndRememberRoles(program, account, fetched);
    const roles = rolesOf(program, [list]);
    const chosen = selectRoles(program, account.name, roles, options.words);
    const outcomes = await assumeAll(program, conversation, account, fetched, chosen, options);
    return await writeOutcomes(program, list, fetched, outcomes, options);
  });
}

type Outcome =
  | { role: KnownRole; held: CachedCredentials; endpoint: StsEndpoint; region: string | undefined }
  | { role: KnownRole; error: OktaAwsError };

/** The settings' `concurrency` where they have none. */
const CONCURRENCY = 20;

async function assumeAll(
  program: Program,
  conversation: Conversation,
  account: OktaAccount,
  fetched: readonly AppAssertion[],
  roles: readonly KnownRole[],
  { flags, onProgress }: RefreshOptions,
): Promise<Outcome[]> {
  const { clock } = program.ports;
  const say = (line: string) => conversation.say(line);
  const context: StsContext = { http: account.http, clock, state: account.state, say };
  const cache = openCache(program, conversation);
  const assertions = assertionSource(account, conversation, fetched);
  let done = 0;
  const assume = async (role: KnownRole): Promise<Outcome> => {
    try {
      const request = requestForRole(program, role, flags);
      const key = cacheKey(request);
      let held = flags.force ? undefined : await cache.read(key);
      if (held === undefined) {
        const { duration, endpoint } = request;
        held = await assertions.use(
          role.app,
          (assertion) => assumeGrantedRole(context, assertion, role, duration, endpoint),
        );
        await cache.write(key, held);
      }
      return { role, held, endpoint: request.endpoint, region: request.profileRegion };
    } catch (error) {
      if (error instanceof OktaAwsError) return { role, error };
      throw error;
    } finally {
      onProgress(++done, roles.length, role);
    }
  };
  return await mapBounded(roles, program.settings.program.concurrency ?? CONCURRENCY, assume);
}

/** An assertion lives five minutes: one that ends in the middle is fetched anew, once for all. */
function assertionSource(
  account: OktaAccount,
  conversation: Conversation,
  fetched: readonly AppAssertion[],
) {
  const byApp = new Map(fetched.map((one) => [one.app, Promise.resolve(one)]));
  return {
    async use<T>(app: string, work: (assertion: AppAssertion) => Promise<T>): Promise<T> {
      const first = byApp.get(app)!;
      try {
        return await work(await first);
      } catch (error) {
        if (!isAssertionExpired(error)) throw error;
        if (byApp.get(app) === first) {
          byApp.set(app, obtainAssertion(account, conversation, app));
        }
        return await work(await byApp.get(app)!);
      }
    },
  };
}

async function mapBounded<A, B>(
  items: readonly A[],
  limit: number,
  work: (item: A) => Promise<B>,
): Promise<B[]> {
  const results = new Array<B>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index]!);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

async function writeOutcomes(
  program: Program,
  list: RoleList,
  fetched: readonly AppAssertion[],
  outcomes: readonly Outcome[],
  { dryRun }: RefreshOptions,
): Promise<RefreshResult> {
  const aws = await readAwsProfiles(program.ports.files, program.paths.awsConfig);
  const byProcess = (profile: string) => aws.profile(profile)?.has("credential_process") ?? false;
  const worked = outcomes.filter((outcome) => "held" in outcome);
  const toWrite = worked.map(({ role, held, region }): ProfileToWrite => ({
    profile: role.profile!,
    app: role.app,
    roleArn: role.roleArn,
    credentials: held.credentials,
    region,
  })).filter(({ profile }) => !byProcess(profile));
  const asked = fetched.map(({ app }) => app);
  const { refused, removed, diff } = await writeProfiles(program, toWrite, list, asked, dryRun);
  if (!dryRun) await noteWritten(program, list, toWrite, refused, removed);
  const profiles = worked.filter(({ role }) => !refused.has(role.profile!));
  return {
    profiles: profiles.map(({ role, held }) => ({
      ...role,
      profile: role.profile!,
      expiration: held.credentials.expiration,
      byProcess: byProcess(role.profile!),
    })),
    failed: outcomes.flatMap((outcome): FailedRole[] => {
      const { role: { roleArn, profile } } = outcome;
      const error = "error" in outcome ? outcome.error : refused.get(profile!);
      return error === undefined ? [] : [{ roleArn, error }];
    }),
    removed,
    diff,
    foreignEndpoint: worked.find(({ endpoint }) => endpoint.custom)?.endpoint.url,
  };
}

async function noteWritten(
  { ports, paths }: Program,
  list: RoleList,
  profiles: readonly ProfileToWrite[],
  refused: ReadonlyMap<string, unknown>,
  removed: readonly string[],
): Promise<void> {
  const written = { ...list.written };
  for (const { profile, app, roleArn } of profiles) {
    if (!refused.has(profile)) written[profile] = { app, roleArn };
  }
  for (const profile of removed) delete written[profile];
  const file = await openRoleList(ports.files, paths.cache, list.account);
  await file.write({ ...list, written });
}
