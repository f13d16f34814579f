/**
 * The way to the network for children of ours that run on Deno, such as plugins: the same proxy and
 * certificate authorities as for our own requests, in the variables that Deno reads by itself.
 *
 * @module
 */

import type { NetworkSettings } from "../network/certificate_authorities.ts";
import { PROXY_VARIABLES } from "../network/proxies.ts";

/** Deno minds the case, knows no `*.` and no port; an entry with a port counts for all ports. */
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
  // For Deno a star stands for names alone, not for addresses.
  return entries.includes("*") ? {} : { ...named, NO_PROXY: entries.join(",") };
}

/**
 * The variables.
 *
 * @param settings Where certificate authorities and proxies are named.
 * @returns Names and values; proxies' may hold a password. Of files of certificate authorities there
 * is room for three: `ca_bundle`, `AWS_CA_BUNDLE` and `SSL_CERT_FILE` come first.
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
