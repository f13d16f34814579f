/** What we give to the programs we start: command line, environment, network. @module */

import type { NetworkSettings } from "../network/certificate_authorities.ts";
import { PROXY_VARIABLES } from "../network/proxies.ts";

/** Variables that hold our secrets. */
const OURS: ReadonlySet<string> = new Set([
  "OKTA_AWS_PASSWORD",
  "OKTA_AWS_TOTP",
  "OKTA_AWS_FILE_PASSPHRASE",
]);

/** A copy of the environment without our secrets. Names match in any case, as on Windows. */
export function childEnvironment(all: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !OURS.has(name.toUpperCase())));
}

const WORD = /"([^"]*)"|'([^']*)'|(\S+)/g;

/**
 * Splits a command line of the settings at its blanks, outside of single and double quotes. No shell
 * is involved.
 */
export function splitCommand(command: string): string[] {
  return Array.from(command.matchAll(WORD), (match) => match[1] ?? match[2] ?? match[3]!);
}

/** Deno's NO_PROXY is case-sensitive, without `*.` and ports; an entry with a port covers all ports. */
function toDenoEntry(entry: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(entry)?.[1];
  if (bracketed !== undefined) return bracketed;
  const host = /^([^:]+):\d+$/.exec(entry)?.[1] ?? entry;
  return host.toLowerCase().replace(/^\*\./, ".").replace(/\.$/, "");
}

function proxies(get: NetworkSettings["environment"]["get"]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of PROXY_VARIABLES) {
    const value = get(name)?.trim();
    if (value) found[name.toUpperCase()] ??= value;
  }
  const { NO_PROXY: exempt, ...named } = found;
  if (exempt === undefined) return named;
  const entries = exempt.split(/[\s,]+/).filter((entry) => entry !== "").map(toDenoEntry);
  // To Deno a star matches names only, not addresses.
  return entries.includes("*") ? {} : { ...named, NO_PROXY: entries.join(",") };
}

/**
 * The environment variables that give a child on Deno, such as a plugin, our proxy and certificate
 * authorities. Proxies may hold a password. Deno takes three files of authorities: `ca_bundle`,
 * `AWS_CA_BUNDLE` and `SSL_CERT_FILE` come first.
 */
export function childNetwork(
  { environment: { get }, caBundle }: NetworkSettings,
): Record<string, string> {
  const files = [caBundle, get("AWS_CA_BUNDLE"), get("NODE_EXTRA_CA_CERTS"), get("DENO_CERT")];
  const [first, second] = [...new Set(files)].filter((file) => file !== undefined);
  const system = get("SSL_CERT_FILE");
  return {
    ...proxies(get),
    DENO_TLS_CA_STORE: get("DENO_TLS_CA_STORE") ?? "system,mozilla",
    ...(first !== undefined && { DENO_CERT: first }),
    ...(second !== undefined && { NODE_EXTRA_CA_CERTS: second }),
    ...(system !== undefined && { SSL_CERT_FILE: system }),
  };
}
