/**
 * The partition and region that a request's last role works in.
 *
 * @module
 */

import { regionWithin } from "../aws/endpoints.ts";
import { type Partition, partitionNamed, partitionOfArn } from "../aws/partitions.ts";
import type { CredentialRequest } from "../credentials/credential_request.ts";

/** Where a role works. */
export interface RoleRegion {
  /** The partition. */
  partition: Partition;
  /** The region that the environment or the profile names; one of another partition is not used. */
  region: string;
}

/**
 * Finds out where a request's last role works.
 *
 * @param request The request.
 * @returns Partition and region.
 * @throws {SettingsError} `invalid_region`
 */
export function roleRegion({ chain, region }: CredentialRequest): RoleRegion {
  const partition = partitionOfArn(chain.at(-1)!.roleArn) ?? partitionNamed("aws")!;
  // The SDKs' word for STS without a region: there are neither clusters nor tokens.
  const named = region === "aws-global" ? undefined : region;
  return { partition, region: regionWithin(partition, named) };
}
