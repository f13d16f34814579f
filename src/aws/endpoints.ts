/**
 * The endpoints of STS, EKS, IAM Identity Center, the sign-in service and the console by partition
 * and region, and the environment variables that replace them.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { isRegion } from "./arn.ts";
import {
  configuredEndpoint,
  type EndpointKind,
  endpointKind,
  type GetVariable,
  serviceEndpoint,
  wantsGlobalSts,
} from "./endpoint_variables.ts";
import { type Partition, partitionNamed, partitionOfRegion, PARTITIONS } from "./partitions.ts";

/** Where requests to STS go. */
export interface StsEndpoint {
  /** The URL, with its path. */
  url: string;
  /** The region that requests are signed for. */
  region: string;
  /**
   * Whether the environment named it, so that it may not be AWS at all: credentials from there are
   * never served to somebody without the same setting.
   */
  custom: boolean;
  /** Set if it is one of AWS's FIPS or dual-stack endpoints. */
  kind?: EndpointKind;
  /** Set if it is the global one of the partition `aws`. */
  global?: true;
}

/** Which endpoint is wanted. */
export interface EndpointOptions {
  /** The partition's name, as ARNs have it. */
  partition: string;
  /** The preferred region; ignored if it is in another partition. */
  region?: string | undefined;
  get: GetVariable;
}

/** What the SDKs call the partition-wide region of `aws`, whose STS is `sts.amazonaws.com`. */
const GLOBAL_REGION = "aws-global";

/** The regions that used the global STS before there were regional ones. */
const LEGACY_REGIONS: readonly string[] = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "ap-south-1"],
  ...["ap-northeast-1", "ap-southeast-1", "ap-southeast-2", GLOBAL_REGION],
];

/**
 * The region to use within a partition.
 *
 * @returns The given region if it is in this partition, else the partition's default region.
 * @throws {SettingsError} `invalid_region`
 */
export function regionWithin(partition: Partition, region: string | undefined): string {
  if (region === undefined) return partition.defaultRegion;
  if (!isRegion(region)) {
    throw new SettingsError(`${showUntrusted(region)} is not the name of a region`, {
      code: "invalid_region",
      hint: "a region is a name such as eu-west-1: check AWS_REGION, and region in the settings",
    });
  }
  return partitionOfRegion(region) === partition ? region : partition.defaultRegion;
}

/**
 * The STS endpoint for a role's partition: `AWS_ENDPOINT_URL_STS`, else `AWS_ENDPOINT_URL`, else
 * the regional one (sessions from the global one don't work in every region). AWS's client follows
 * the same rules (`aws/sts`); here they are repeated, since they are part of the cache's key.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`, `invalid_region`,
 * `bad_endpoint_setting`, `endpoint_conflict`, or `unknown_partition` unless the environment names
 * the endpoint.
 */
export function stsEndpoint(options: EndpointOptions): StsEndpoint {
  const { region, get } = options;
  const partition = partitionNamed(options.partition);
  const configured = serviceEndpoint("STS", get);
  const kind = endpointKind(get, configured);
  const special = kind.fips || kind.dualStack;
  if (partition === undefined) {
    if (configured === undefined) throw unknownPartition(options.partition);
    return { url: configured.url.href, region: region ?? "us-east-1", custom: true };
  }
  const isLegacy = wantsGlobalSts(get) && LEGACY_REGIONS.includes(region ?? "");
  const isGlobal = (region === GLOBAL_REGION || isLegacy) && partition.name === "aws";
  const signingRegion = region === GLOBAL_REGION && isGlobal
    ? partition.defaultRegion
    : regionWithin(partition, region);
  if (configured !== undefined) {
    return { url: configured.url.href, region: signingRegion, custom: true };
  }
  if (isGlobal && !special) {
    const { defaultRegion, dnsSuffix } = partition;
    return { url: `https://sts.${dnsSuffix}/`, region: defaultRegion, custom: false, global: true };
  }
  const host = hostOf("sts", { region: signingRegion, partition, kind });
  return {
    url: `https://${host}/`,
    region: signingRegion,
    custom: false,
    ...(special && { kind }),
  };
}

/** The host of a service by the rules that STS and Identity Center share. */
function hostOf(
  service: string,
  { region, partition, kind: { fips, dualStack } }: {
    region: string;
    partition: Partition;
    kind: EndpointKind;
  },
): string {
  // GovCloud's usual endpoints are FIPS endpoints.
  const isPlain = !fips || partition.name === "aws-us-gov" && !dualStack;
  const suffix = dualStack ? partition.dualStackDnsSuffix : partition.dnsSuffix;
  return `${service}${isPlain ? "" : "-fips"}.${region}.${suffix}`;
}

/**
 * The EKS endpoint of a region: `AWS_ENDPOINT_URL_EKS`, else `AWS_ENDPOINT_URL`, else AWS's own.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`, `bad_endpoint_setting`,
 * `endpoint_conflict`
 */
export function eksEndpoint(partition: Partition, region: string, get: GetVariable): string {
  const configured = serviceEndpoint("EKS", get);
  const kind = endpointKind(get, configured);
  if (configured !== undefined) return configured.url.href.replace(/\/$/, "");
  // The oldest form of its name.
  if (partition.name === "aws" && kind.fips && !kind.dualStack) {
    return `https://fips.eks.${region}.${partition.dnsSuffix}`;
  }
  return `https://${hostOf("eks", { region, partition, kind })}`;
}

function unknownPartition(name: string): SettingsError {
  return new SettingsError(`the partition ${showUntrusted(name)} is not known`, {
    code: "unknown_partition",
    hint: "set AWS_ENDPOINT_URL_STS to its STS endpoint, and report the partition",
  });
}

/**
 * Whether a host belongs to AWS's sign-in service: besides STS the only place where an assertion
 * may go
 *
 * @param host Lower case, with the port unless it is the default.
 * @returns Whether it is `signin.…` of a known partition, or that of one region.
 */
export function isSignInHost(host: string): boolean {
  return PARTITIONS.some(({ signInHost }) => {
    if (signInHost === undefined) return false;
    if (host === signInHost) return true;
    return host.endsWith(`.${signInHost}`) && isRegion(host.slice(0, -signInHost.length - 1));
  });
}

/**
 * The origin that a partition's `/federation` requests go to; `OKTA_AWS_SIGNIN_ENDPOINT` replaces
 * it.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`, `no_sign_in_host`.
 */
export function signInOrigin(options: EndpointOptions): string {
  const configured = configuredEndpoint("OKTA_AWS_SIGNIN_ENDPOINT", options.get);
  if (configured !== undefined) return configured.origin;
  const host = partitionNamed(options.partition)?.signInHost;
  if (host !== undefined) return `https://${host}`;
  throw new SettingsError(
    `the sign-in host of the partition ${showUntrusted(options.partition)} is not known`,
    { code: "no_sign_in_host", hint: "set OKTA_AWS_SIGNIN_ENDPOINT to it" },
  );
}

/**
 * The address to which a form that carries an assertion is sent.
 *
 * @param get The environment: `OKTA_AWS_SIGNIN_ENDPOINT` replaces scheme, host and port.
 * @returns `undefined` if the form leads anywhere but to AWS's sign-in service: then
 * nothing may be sent.
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`.
 */
export function signInFormUrl(action: string, get: GetVariable): URL | undefined {
  const url = URL.parse(action);
  if (url === null || url.username + url.password !== "") return undefined;
  const configured = configuredEndpoint("OKTA_AWS_SIGNIN_ENDPOINT", get);
  if (configured !== undefined && url.origin === configured.origin) return url;
  if (url.protocol !== "https:" || !isSignInHost(url.host)) return undefined;
  if (configured === undefined) return url;
  // Not `new URL(path, origin)`: a path that begins with two slashes would choose the host.
  const replaced = new URL(configured.origin);
  replaced.pathname = url.pathname;
  replaced.search = url.search;
  return replaced;
}

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

/**
 * The endpoints of a region: `AWS_ENDPOINT_URL_SSO_OIDC`, `AWS_ENDPOINT_URL_SSO`, else
 * `AWS_ENDPOINT_URL`, else AWS's own.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`, `bad_endpoint_setting`,
 * `endpoint_conflict`
 */
export function ssoEndpoints(region: string, get: GetVariable): SsoEndpoints {
  const partition = partitionOfRegion(region);
  const endpoint = (service: string, name: string): SsoEndpoint => {
    const configured = serviceEndpoint(service, get);
    const kind = endpointKind(get, configured);
    const url = configured?.url.href.replace(/\/+$/, "") ??
      `https://${hostOf(name, { region, partition, kind })}`;
    return { url, custom: configured !== undefined };
  };
  return { oidc: endpoint("SSO_OIDC", "oidc"), portal: endpoint("SSO", "portal.sso") };
}

/**
 * URL patterns of all hosts that a form with an assertion may go to, for a browser (`*` matches
 * anything). They match a little more; {@linkcode signInFormUrl} decides.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`.
 */
export function signInPostPatterns(get: GetVariable): string[] {
  const configured = configuredEndpoint("OKTA_AWS_SIGNIN_ENDPOINT", get);
  const hosts = PARTITIONS.flatMap(({ signInHost }) => signInHost ?? []);
  return [
    ...hosts.flatMap((host) => [`https://${host}/*`, `https://*.${host}/*`]),
    ...(configured === undefined ? [] : [`${configured.origin}/*`]),
  ];
}
