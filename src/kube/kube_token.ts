import { isRegion } from "../aws/arn.ts";
import { createEksToken, type EksToken } from "./eks_token.ts";
import { type Partition, partitionOfRegion } from "../aws/partitions.ts";
import { UsageError } from "../errors.ts";
import { withRoleLock } from "../store/account_lock.ts";
import { openTokenCache, type TokenKey } from "./token_cache.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { AppContext } from "../app/context.ts";
import { cacheKey, type CredentialRequest, roleRegion } from "../credentials/credential_request.ts";
import { obtainCredentials } from "../credentials/obtain_credentials.ts";
import { cacheOptions } from "../credentials/open_cache.ts";

/** Names allowed by CreateCluster; ids of local clusters match too. */
const CLUSTER_NAME = /^[0-9A-Za-z][0-9A-Za-z_-]{0,99}$/;

export interface TokenRequest {
  credentials: CredentialRequest;
  cluster: string;
  partition: Partition;
  region: string;
}

export interface KeptToken extends EksToken {
  document: string;
}

/**
 * Validates the arguments; the region defaults to that of the profile.
 *
 * @throws {UsageError} `bad_cluster_name`, `bad_region`
 */
export function tokenRequest(
  credentials: CredentialRequest,
  cluster: string,
  region: string | undefined,
): TokenRequest {
  if (!CLUSTER_NAME.test(cluster)) {
    throw new UsageError(`${showUntrusted(cluster)} is not a valid cluster name`, {
      code: "bad_cluster_name",
      hint: "pass the name, not the ARN; to list clusters: okta-aws kube setup --all --dry-run",
    });
  }
  const role = credentials.chain.at(-1)!.roleArn;
  const { partition, region: usual } = roleRegion(credentials);
  if (region !== undefined && (!isRegion(region) || partitionOfRegion(region) !== partition)) {
    throw new UsageError(`${showUntrusted(region)} is not a region of ${showUntrusted(role)}`, {
      code: "bad_region",
      hint: `use a region of the partition ${partition.name}, such as ${partition.defaultRegion}`,
    });
  }
  return { credentials, cluster, partition, region: region ?? usual };
}

export async function kubeToken(
  context: AppContext,
  request: TokenRequest,
): Promise<KeptToken> {
  const { ports: { clock, files }, paths, settings } = context;
  const { credentials: whose, cluster, partition, region } = request;
  const create = async (): Promise<EksToken> => {
    const { credentials } = await obtainCredentials(context, whose);
    const now = new Date(clock.now());
    return await createEksToken({ cluster, partition, region, credentials, now });
  };
  const key: TokenKey = {
    credentials: cacheKey(whose),
    cluster,
    region,
    partition: partition.name,
  };
  const cache = openTokenCache(cacheOptions(context));
  const document = await cache.path(key);
  // Without a cache there is nothing to wait for.
  if (settings.program.cache === "none") return { ...await create(), document };
  const kept = await cache.read(key);
  if (kept !== undefined) return { ...kept, document };
  const account = whose.oktaAccount;
  const onWait = () =>
    void context.interaction.say("waiting for another okta-aws process to create this token");
  const { canAsk } = context.interaction;
  const lock = { files, cacheDirectory: paths.cache, account, document, onWait, canAsk };
  return await withRoleLock(lock, async () => {
    const meanwhile = await cache.read(key);
    if (meanwhile !== undefined) return { ...meanwhile, document };
    const token = await create();
    await cache.write(key, token);
    return { ...token, document };
  });
}
