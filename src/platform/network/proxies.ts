/**
 * Which proxy a request goes through. Deno's own reading of the variables knows neither ports nor
 * `*.example` in `NO_PROXY`, minds the case of names, and stops at blanks; companies write all of
 * these, and a request that takes the wrong way ends in a riddle.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { addressBits, networkBits } from "./network_addresses.ts";

/** Reads a variable; an empty one counts as unset. */
type Get = Environment["get"];

/** A proxy. */
export interface Proxy {
  /** Its address, with the user name and password that stand in it: a secret. */
  url: string;
  /** The variable that names it, as it is spelled in the environment. */
  source: string;
}

/** Deno reads these by itself wherever they are set. */
export const PROXY_VARIABLES: readonly string[] = [
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
].flatMap((name) => [name, name.toLowerCase()]);

const DEFAULT_PORTS: Record<string, string> = { "http:": "80", "https:": "443" };

function variable(get: Get, name: string): { name: string; value: string } | undefined {
  for (const spelling of [name, name.toLowerCase()]) {
    const value = get(spelling)?.trim();
    if (value) return { name: spelling, value };
  }
  return undefined;
}

function checked(source: string, text: string): Proxy {
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`);
  if (url !== null && url.hostname !== "" && /^(https?|socks5h?):$/.test(url.protocol)) {
    return { url: url.href, source };
  }
  // The value may hold a password.
  throw new SettingsError(`${source} is not the address of a proxy`, {
    code: "bad_proxy",
    hint: `set ${source} to http://host:port, or http://user:password@host:port`,
  });
}

/** What a proxy that is a web server would take for a header of its own (httpoxy). */
function isFromOutside(get: Get, name: string): boolean {
  return name === "HTTP_PROXY" && get("REQUEST_METHOD") !== undefined;
}

function splitPort(entry: string): { host: string; port: string | undefined } {
  const [, bracketed, bracketedPort] = /^(\[[^\]]*\])(?::(\d+))?$/.exec(entry) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: bracketedPort };
  const [, host, port] = /^([^:]+):(\d+)$/.exec(entry) ?? [];
  return host === undefined ? { host: entry, port: undefined } : { host, port };
}

function matchesName(name: string, hostname: string): boolean {
  const suffix = name.toLowerCase().replace(/^\*?\.|\.$/g, "");
  return suffix !== "" && (hostname === suffix || hostname.endsWith(`.${suffix}`));
}

function matches(entry: string, hostname: string, port: string): boolean {
  if (entry === "*") return true;
  const bits = addressBits(hostname);
  const network = networkBits(entry);
  if (network !== undefined) {
    return bits?.length === network.bits.length &&
      bits.startsWith(network.bits.slice(0, network.prefix));
  }
  const named = splitPort(entry);
  if (named.port !== undefined && named.port !== port) return false;
  const address = addressBits(named.host);
  return address === undefined ? matchesName(named.host, hostname) : address === bits;
}

/**
 * Whether `NO_PROXY` takes a host out: `*`, a name (with all names below it; with or without a
 * leading dot or `*.`), an address, a network (`10.0.0.0/8`), each with or without a port; commas or
 * blanks between them, in any case.
 *
 * @param url Where the request goes.
 * @param noProxy The variable's value.
 * @returns Whether no proxy is used.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const hostname = url.hostname.toLowerCase().replace(/\.$/, "");
  const port = url.port || DEFAULT_PORTS[url.protocol] || "";
  return noProxy.split(/[\s,]+/).some((entry) => entry !== "" && matches(entry, hostname, port));
}

/**
 * The proxy of a request: `HTTPS_PROXY` or `HTTP_PROXY` by the address's scheme, else `ALL_PROXY`,
 * unless `NO_PROXY` takes the host out; each in upper or lower case.
 *
 * @param url Where the request goes.
 * @param get The environment.
 * @returns The proxy, or `undefined` where there is none.
 * @throws {SettingsError} `bad_proxy`; the message never holds the value.
 */
export function proxyFor(url: URL, get: Get): Proxy | undefined {
  const own = variable(get, url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  const named = own === undefined || isFromOutside(get, own.name)
    ? variable(get, "ALL_PROXY")
    : own;
  if (named === undefined) return undefined;
  const exempt = variable(get, "NO_PROXY");
  if (exempt !== undefined && isExempt(url, exempt.value)) return undefined;
  return checked(named.name, named.value);
}
