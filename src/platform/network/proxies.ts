/**
 * Which proxy a request goes through. Deno's own `NO_PROXY` has no ports, no `*.example` and no blanks
 * as separators, and is case-sensitive; companies use all of these.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";

type Get = Environment["get"];

export interface Proxy {
  /** Its URL. May contain a password. */
  url: string;
  /** The variable that names it, as spelled in the environment. */
  source: string;
}

/** Deno reads these automatically. */
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
  // The value may contain a password.
  throw new SettingsError(`${source} is not a proxy URL`, {
    code: "bad_proxy",
    hint: `set ${source} to http://host:port, or http://user:password@host:port`,
  });
}

/** In a CGI script HTTP_PROXY may come from a request header (httpoxy). */
function isFromOutside(get: Get, name: string): boolean {
  return name === "HTTP_PROXY" && get("REQUEST_METHOD") !== undefined;
}

interface Network {
  /** Its address as 32 or 128 characters `0` and `1`. */
  bits: string;
  /** Prefix length. */
  prefix: number;
}

function ipv4Bits(text: string): string | undefined {
  const parts = text.split(".");
  const valid = parts.length === 4 &&
    parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256);
  return valid
    ? parts.map((part) => Number(part).toString(2).padStart(8, "0")).join("")
    : undefined;
}

function ipv6Bits(text: string): string | undefined {
  // The URL parser accepts every notation and returns the shortest.
  const host = URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1);
  if (host === undefined) return undefined;
  const [head = "", tail] = host.split("::");
  const groups = (part: string) => part === "" ? [] : part.split(":");
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = Array<string>(8 - left.length - right.length).fill("0");
  return [...left, ...zeros, ...right]
    .map((group) => parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}

/** An IPv4 or IPv6 address (with or without brackets) as bits; `undefined` for a name. */
function addressBits(text: string): string | undefined {
  if (!text.includes(":")) return ipv4Bits(text);
  return ipv6Bits(text.replace(/^\[(.*)\]$/, "$1"));
}

/** `10.0.0.0/8` or `fd00::/8`. */
function networkBits(text: string): Network | undefined {
  const [, address = "", length] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const bits = addressBits(address);
  const prefix = Number(length);
  return bits === undefined || prefix > bits.length ? undefined : { bits, prefix };
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
 * Whether `NO_PROXY` excludes a host. Its entries, separated by commas or blanks, are `*`, a name (also
 * with a leading dot or `*.`; matches all names below it), an address or a network (`10.0.0.0/8`), each
 * with or without a port, in any case.
 */
export function isExempt(url: URL, noProxy: string): boolean {
  const hostname = url.hostname.toLowerCase().replace(/\.$/, "");
  const port = url.port || DEFAULT_PORTS[url.protocol] || "";
  return noProxy.split(/[\s,]+/).some((entry) => entry !== "" && matches(entry, hostname, port));
}

/**
 * The proxy of a request: `HTTPS_PROXY` or `HTTP_PROXY` by its scheme, otherwise `ALL_PROXY`, in upper
 * or lower case, unless `NO_PROXY` excludes the host.
 *
 * @throws {SettingsError} `bad_proxy`; the message never contains the value.
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
