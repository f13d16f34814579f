/**
 * Where IAM Identity Center is: its OIDC service and its portal.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/sso.html
 * @module
 */

import { configuredEndpoint, type GetVariable } from "../aws/endpoints.ts";
import { type Partition, partitionOfRegion } from "../aws/partitions.ts";

/** One service. */
export interface SsoEndpoint {
  /** Its URL, without a slash at the end. */
  url: string;
  /** Whether the environment named it, so that it may not be AWS at all. */
  custom: boolean;
}

/** Both services. */
export interface SsoEndpoints {
  /** `oidc.{region}.amazonaws.com` */
  oidc: SsoEndpoint;
  /** `portal.sso.{region}.amazonaws.com` */
  portal: SsoEndpoint;
}

function endpoint(host: string, partition: Partition, variable: string, get: GetVariable) {
  const configured = configuredEndpoint(variable, get) ??
    configuredEndpoint("AWS_ENDPOINT_URL", get);
  const url = configured?.href.replace(/\/+$/, "") ?? `https://${host}.${partition.dnsSuffix}`;
  return { url, custom: configured !== undefined };
}

/**
 * The endpoints of a region: `AWS_ENDPOINT_URL_SSO_OIDC`, `AWS_ENDPOINT_URL_SSO`, else
 * `AWS_ENDPOINT_URL`, else AWS's own.
 *
 * @param region Identity Center's region.
 * @param get The environment.
 * @returns The endpoints.
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`
 */
export function ssoEndpoints(region: string, get: GetVariable): SsoEndpoints {
  const partition = partitionOfRegion(region);
  return {
    oidc: endpoint(`oidc.${region}`, partition, "AWS_ENDPOINT_URL_SSO_OIDC", get),
    portal: endpoint(`portal.sso.${region}`, partition, "AWS_ENDPOINT_URL_SSO", get),
  };
}
