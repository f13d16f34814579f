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
import { type Partition, partitionNamed, partitionOfRegion, PARTITIONS } from "./partitions.ts";

/** Reads one environment variable; an empty one counts as unset. */
export type GetVariable = (name: string) => string | undefined;

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

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * The endpoint that an environment variable names. Only its origin and path are kept.
 *
 * @returns `undefined` if the variable is not set.
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`
 */
export function configuredEndpoint(variable: string, get: GetVariable): URL | undefined {
  const text = get(variable);
  if (text === undefined) return undefined;
  const url = URL.parse(text.trim());
  if (url === null || !/^https?:$/.test(url.protocol) || url.username + url.password !== "") {
    throw new SettingsError(`${variable} is not the URL of an endpoint`, {
      code: "invalid_endpoint",
      hint:
        `set ${variable} to a URL such as https://host.example, without a user name, or unset it`,
    });
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new SettingsError(
      `${variable} leads to ${
        showUntrusted(url.host)
      } without TLS, which would expose your credentials`,
      { code: "insecure_endpoint", hint: `use https: in ${variable}; http: is for loopback hosts` },
    );
  }
  url.search = "";
  url.hash = "";
  return url;
}

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
 * the regional one (sessions from the global one don't work in every region).
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`, `invalid_region`, or
 * `unknown_partition` unless the environment names the endpoint.
 */
export function stsEndpoint(options: EndpointOptions): StsEndpoint {
  const { region, get } = options;
  const partition = partitionNamed(options.partition);
  const configured = configuredEndpoint("AWS_ENDPOINT_URL_STS", get) ??
    configuredEndpoint("AWS_ENDPOINT_URL", get);
  if (partition === undefined) {
    if (configured === undefined) throw unknownPartition(options.partition);
    return { url: configured.href, region: region ?? "us-east-1", custom: true };
  }
  const isGlobal = region === GLOBAL_REGION && partition.name === "aws";
  const signingRegion = isGlobal ? partition.defaultRegion : regionWithin(partition, region);
  if (configured !== undefined) {
    return { url: configured.href, region: signingRegion, custom: true };
  }
  const host = isGlobal
    ? `sts.${partition.dnsSuffix}`
    : `sts.${signingRegion}.${partition.dnsSuffix}`;
  return { url: `https://${host}/`, region: signingRegion, custom: false };
}

/**
 * The EKS endpoint of a region: `AWS_ENDPOINT_URL_EKS`, else `AWS_ENDPOINT_URL`, else AWS's own.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`
 */
export function eksEndpoint(partition: Partition, region: string, get: GetVariable): string {
  const configured = configuredEndpoint("AWS_ENDPOINT_URL_EKS", get) ??
    configuredEndpoint("AWS_ENDPOINT_URL", get);
  if (configured !== undefined) return configured.href.replace(/\/$/, "");
  return `https://eks.${region}.${partition.dnsSuffix}`;
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

function ssoEndpoint(host: string, variable: string, get: GetVariable): SsoEndpoint {
  const configured = configuredEndpoint(variable, get) ??
    configuredEndpoint("AWS_ENDPOINT_URL", get);
  const url = configured?.href.replace(/\/+$/, "") ?? `https://${host}`;
  return { url, custom: configured !== undefined };
}

/**
 * The endpoints of a region: `AWS_ENDPOINT_URL_SSO_OIDC`, `AWS_ENDPOINT_URL_SSO`, else
 * `AWS_ENDPOINT_URL`, else AWS's own.
 *
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`
 */
export function ssoEndpoints(region: string, get: GetVariable): SsoEndpoints {
  const { dnsSuffix } = partitionOfRegion(region);
  return {
    oidc: ssoEndpoint(`oidc.${region}.${dnsSuffix}`, "AWS_ENDPOINT_URL_SSO_OIDC", get),
    portal: ssoEndpoint(`portal.sso.${region}.${dnsSuffix}`, "AWS_ENDPOINT_URL_SSO", get),
  };
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
