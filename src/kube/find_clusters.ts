import {
  describeClusterRequest,
  type EksCluster,
  type EksOptions,
  listClustersRequest,
  processDescribeClusterResponse,
  processListClustersResponse,
  signatureTime,
} from "./eks.ts";
import { withEndpointKeys } from "../aws/endpoint_variables.ts";
import { eksEndpoint } from "../aws/endpoints.ts";
import { learnRoles } from "../credentials/role_source.ts";
import { type Partition, partitionOfRegion, regionsOf } from "../aws/partitions.ts";
import { AssertionError, AwsError, NetworkError, type OktaAwsError } from "../errors.ts";
import { sendWithRetry } from "../http_retry.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../ports.ts";
import type { AppContext } from "../app/context.ts";
import {
  type CredentialRequest,
  requestForRole,
  roleRegion,
} from "../credentials/credential_request.ts";
import { CONCURRENCY, mapBounded } from "../app/map_bounded.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { openHttp } from "../app/open_http.ts";
import { parseRoleArn } from "../aws/arn.ts";
import { matchRole } from "../roles/role_match.ts";
import { naming, readRoleLists, rolesOf } from "../roles/known_roles.ts";
import { rolesOfSettings } from "../roles/select_roles.ts";
import type { IssuedCredentials } from "../aws/session_credentials.ts";

export interface ClusterSource {
  /** The `--profile` of `kube token`. */
  profile: string;
  request: CredentialRequest;
}

export interface FoundCluster extends EksCluster {
  source: ClusterSource;
  region: string;
}

export interface FailedSearch {
  profile: string;
  region: string | undefined;
  error: OktaAwsError;
}

export interface ClusterSearch {
  found: FoundCluster[];
  failed: FailedSearch[];
}

export interface SearchOptions {
  /** Default: all clusters. */
  cluster: string | undefined;
  /** Search this region only. */
  region: string | undefined;
  /** Called with the number of regions done. */
  onProgress: (done: number, total: number) => void;
}

/** One region, with the credentials of one role. */
interface Place {
  source: ClusterSource;
  partition: Partition;
  region: string;
  held: IssuedCredentials;
}

/** Errors of regions that the account has not enabled. */
const NOT_ENABLED =
  /^(?:UnrecognizedClientException|InvalidClientTokenId|AuthFailure|OptInRequired)$/;

/**
 * Searches all regions of all sources concurrently. Regions that are not enabled are not failures.
 */
export async function findClusters(
  context: AppContext,
  sources: readonly ClusterSource[],
  options: SearchOptions,
): Promise<ClusterSearch> {
  const http = await openHttp(context);
  const limit = context.settings.program.concurrency ?? CONCURRENCY;
  const failed: FailedSearch[] = [];
  const open = async (source: ClusterSource): Promise<Place[]> => {
    try {
      const held = await obtainCredentials(context, source.request);
      return placesOf(source, held, options);
    } catch (error) {
      failed.push({ profile: source.profile, region: undefined, error: refusal(error) });
      return [];
    }
  };
  // The first source signs in; the others would only wait for it.
  const [first, ...others] = sources;
  const opened = first === undefined ? [] : await open(first);
  const places = [...opened, ...(await mapBounded(others, limit, open)).flat()];
  let done = 0;
  const found = await mapBounded(places, limit, async (place) => {
    try {
      return await clustersAt(place, { context, http, cluster: options.cluster, failed });
    } catch (error) {
      if (!isNoRegion(known(error), options)) {
        failed.push({ profile: place.source.profile, region: place.region, error: known(error) });
      }
      return [];
    } finally {
      options.onProgress(++done, places.length);
    }
  });
  return { found: found.flat(), failed };
}

/** Sign-in errors end the search: a wrong password must not be sent for each role. */
function refusal(error: unknown): OktaAwsError {
  if (error instanceof AwsError || error instanceof AssertionError) return error;
  throw error;
}

function known(error: unknown): OktaAwsError {
  if (error instanceof AwsError || error instanceof NetworkError) return error;
  throw error;
}

/** Skips regions that do not exist or are not enabled, unless a region or cluster was named. */
function isNoRegion(error: OktaAwsError, { cluster, region }: SearchOptions): boolean {
  if (cluster !== undefined || region !== undefined) return false;
  if (error instanceof NetworkError) return error.code === "dns";
  return error instanceof AwsError && NOT_ENABLED.test(error.code);
}

function placesOf(
  source: ClusterSource,
  held: IssuedCredentials,
  { cluster, region }: SearchOptions,
): Place[] {
  const { partition, region: own } = roleRegion(source.request);
  const all = cluster === undefined ? [...regionsOf(partition.name), own] : [own];
  const named = region === undefined ? [...new Set(all)] : [region];
  const regions = named.filter((one) => partitionOfRegion(one) === partition);
  return regions.map((one) => ({ source, partition, region: one, held }));
}

async function clustersAt(
  place: Place,
  { context, http, cluster, failed }: {
    context: AppContext;
    http: HttpClient;
    cluster: string | undefined;
    failed: FailedSearch[];
  },
): Promise<FoundCluster[]> {
  const { ports: { clock, environment } } = context;
  const { source, region, partition, held: { credentials } } = place;
  const ask = async (
    build: (options: EksOptions) => Promise<HttpRequest>,
  ): Promise<HttpResponse> => {
    const endpoint = eksEndpoint(
      partition,
      region,
      withEndpointKeys(environment.get, source.request.endpointKeys),
    );
    const send = async (time: number) => {
      const request = await build({ endpoint, region, credentials, now: new Date(time) });
      return await sendWithRetry({ http, clock }, request, { idempotent: true });
    };
    const response = await send(clock.now());
    const time = signatureTime(response, clock.now());
    return time === undefined ? response : await send(time);
  };
  const describe = async (name: string): Promise<FoundCluster> => ({
    ...processDescribeClusterResponse(await ask((to) => describeClusterRequest(to, name))),
    source,
    region,
  });
  if (cluster !== undefined) return [await describe(cluster)];
  const found: FoundCluster[] = [];
  for (const name of await listNames(ask)) {
    try {
      found.push(await describe(name));
    } catch (error) {
      failed.push({ profile: source.profile, region, error: known(error) });
    }
  }
  return found;
}

async function listNames(
  ask: (build: (options: EksOptions) => Promise<HttpRequest>) => Promise<HttpResponse>,
): Promise<string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const from = next;
    const page = processListClustersResponse(await ask((to) => listClustersRequest(to, from)));
    names.push(...page.names);
    // Prevents an endless loop if a page refers to itself.
    next = page.nextToken === from ? undefined : page.nextToken;
  } while (next !== undefined);
  return names;
}

/**
 * The roles that `refresh` would use, as sources.
 *
 * @throws {AssertionError} `no_roles`
 */
export async function allSources(
  context: AppContext,
): Promise<ClusterSource[]> {
  let lists = await readRoleLists(context);
  if (rolesOf(context, lists).length === 0) lists = [await learnRoles(context)];
  const chosen = lists.flatMap((list) =>
    rolesOfSettings(context, { oktaAccount: list.account, roles: rolesOf(context, [list]) })
  );
  return await Promise.all(chosen.map(async (role) => ({
    profile: role.profile ?? role.roleArn,
    request: await requestForRole(context, role, {}),
  })));
}

/** The values of the placeholders in `--alias`, as a function of the cluster. */
export async function placeholdersOf(
  context: AppContext,
): Promise<(cluster: FoundCluster) => Record<string, string>> {
  const roles = rolesOf(context, await readRoleLists(context));
  const { prefix } = naming(context);
  return ({ name, arn, region, source: { profile, request } }) => {
    const { roleArn } = request.chain.at(-1)!;
    const accountId = arn.split(":")[4]!;
    const alias = context.settings.awsAccounts.get(accountId)?.alias ??
      matchRole(roleArn, roles, prefix)?.alias;
    return {
      cluster: name,
      region,
      account: alias ?? accountId,
      account_id: accountId,
      role: parseRoleArn(roleArn)?.roleName ?? roleArn,
      profile,
      arn,
    };
  };
}
