/**
 * What decides on endpoints besides region and partition: the variables of the AWS SDKs, and the
 * keys of a profile that mean the same.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html
 * @module
 */

import { SettingsError } from "../errors.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** Reads one environment variable; an empty one counts as unset. */
export type GetVariable = (name: string) => string | undefined;

/** What a profile of the AWS config file says about endpoints, by the variable that it stands for. */
export type EndpointKeys = Readonly<Record<string, string>>;

/** A profile's keys, and the variables that come before them. */
const KEYS = {
  use_fips_endpoint: "AWS_USE_FIPS_ENDPOINT",
  use_dualstack_endpoint: "AWS_USE_DUALSTACK_ENDPOINT",
  ignore_configured_endpoint_urls: "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  sts_regional_endpoints: "AWS_STS_REGIONAL_ENDPOINTS",
} as const;

type Variable = typeof KEYS[keyof typeof KEYS];

/** Whether `AWS_STS_REGIONAL_ENDPOINTS` asks for the global STS where there was no other once. */
export function wantsGlobalSts(get: GetVariable): boolean {
  return get("AWS_STS_REGIONAL_ENDPOINTS")?.trim().toLowerCase() === "legacy";
}

/** Reads a profile's keys. */
export function endpointKeys(
  read: (key: string) => string | undefined,
): EndpointKeys | undefined {
  const found = Object.entries(KEYS).map(([key, variable]) => [variable, read(key)] as const)
    .filter((entry): entry is [Variable, string] => entry[1] !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** The environment, with a profile's keys where it has no such variable. */
export function withEndpointKeys(get: GetVariable, keys: EndpointKeys | undefined): GetVariable {
  return keys === undefined ? get : (name) => get(name) ?? keys[name];
}

/** @throws {SettingsError} `bad_endpoint_setting` */
function isOn(variable: Variable, get: GetVariable): boolean {
  const value = get(variable)?.trim().toLowerCase();
  if (value === undefined || value === "false") return false;
  if (value === "true") return true;
  const key = Object.entries(KEYS).find(([, name]) => name === variable)![0];
  throw new SettingsError(`${variable} (or ${key}) is ${showUntrusted(value)}, not true or false`, {
    code: "bad_endpoint_setting",
    hint: `set ${variable} to true or false, or unset it`,
  });
}

/** Which kind of AWS's own endpoints is wanted. */
export interface EndpointKind {
  /** By cryptographic modules that are validated under FIPS 140. */
  fips: boolean;
  /** IPv6 as well as IPv4. */
  dualStack: boolean;
}

/**
 * Reads `AWS_USE_FIPS_ENDPOINT` and `AWS_USE_DUALSTACK_ENDPOINT`.
 *
 * @param configured The endpoint that is used instead of AWS's own, if any.
 * @throws {SettingsError} `bad_endpoint_setting`; `endpoint_conflict` with an endpoint: nobody could
 * tell whether it is what was asked for.
 */
export function endpointKind(get: GetVariable, configured?: ConfiguredEndpoint): EndpointKind {
  const kind = {
    fips: isOn("AWS_USE_FIPS_ENDPOINT", get),
    dualStack: isOn("AWS_USE_DUALSTACK_ENDPOINT", get),
  };
  if (configured === undefined || !kind.fips && !kind.dualStack) return kind;
  const { variable } = configured;
  const [wanted, own] = kind.fips
    ? ["a FIPS endpoint", "AWS_USE_FIPS_ENDPOINT"]
    : ["a dual-stack endpoint", "AWS_USE_DUALSTACK_ENDPOINT"];
  throw new SettingsError(`${own} asks for ${wanted}, but ${variable} names another endpoint`, {
    code: "endpoint_conflict",
    hint: `unset ${variable} or ${own}, or set AWS_IGNORE_CONFIGURED_ENDPOINT_URLS=true`,
  });
}

/** An endpoint of the user's own. */
export interface ConfiguredEndpoint {
  /** Its origin and path. */
  url: URL;
  /** The variable that names it. */
  variable: string;
}

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
      `${variable} sends requests to ${
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
 * The endpoint of a service that the environment names: `AWS_ENDPOINT_URL_{SERVICE}`, else
 * `AWS_ENDPOINT_URL`.
 *
 * @returns `undefined` if it names none, or `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` is true.
 * @throws {SettingsError} `insecure_endpoint`, `invalid_endpoint`, `bad_endpoint_setting`
 */
export function serviceEndpoint(service: string, get: GetVariable): ConfiguredEndpoint | undefined {
  if (isOn("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", get)) return undefined;
  for (const variable of [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"]) {
    const url = configuredEndpoint(variable, get);
    if (url !== undefined) return { url, variable };
  }
  return undefined;
}
