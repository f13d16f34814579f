/**
 * The certificate authorities that servers may be vouched for by: the system's, Mozilla's, and those
 * of the files that a person's company gave out.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { systemCode } from "../files/file_errors.ts";
import { PROXY_VARIABLES } from "./proxies.ts";

/** What tells where certificate authorities stand. */
export interface NetworkSettings {
  /** The setting `ca_bundle`: a PEM file. */
  caBundle?: string | undefined;
  /** Where `AWS_CA_BUNDLE`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS` are looked up. */
  environment: Pick<Environment, "get">;
}

const VARIABLES = ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] as const;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
const STORE_VARIABLE = "DENO_TLS_CA_STORE";

function unusable(source: string, path: string, reason: string, cause?: unknown): SettingsError {
  const message = `the certificate file of ${source}, ${showUntrusted(path)}, ${reason}`;
  return new SettingsError(message, {
    code: "ca_bundle",
    hint: `correct ${source}: it names a PEM file of certificate authorities`,
    cause,
  });
}

function isCertificate(base64: string): boolean {
  try {
    return Uint8Array.fromBase64(base64.replaceAll(/\s/g, ""))[0] === 0x30;
  } catch {
    return false;
  }
}

function readAuthorities(source: string, path: string): string {
  let pem: string;
  try {
    pem = Deno.readTextFileSync(path);
  } catch (error) {
    const missing = systemCode(error) === "ENOENT";
    throw unusable(source, path, missing ? "does not exist" : "can't be read", error);
  }
  const bodies = Array.from(pem.matchAll(CERTIFICATE), (match) => match[1]!);
  if (bodies.length === 0) throw unusable(source, path, "holds no PEM certificate");
  if (!bodies.every(isCertificate)) throw unusable(source, path, "holds a broken certificate");
  return pem;
}

/** Runs something with other variables: children that come later see no change. */
function withVariables<T>(variables: Record<string, string | undefined>, act: () => T): T {
  const before = Object.keys(variables).map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const [name, value] of Object.entries(variables)) set(name, value);
  try {
    return act();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}

/** Which stores Deno reads, once, when the first client is made; and no proxy but the one it gets. */
function ownVariables(): Record<string, string | undefined> {
  const proxies = PROXY_VARIABLES.map((name) => [name, undefined]);
  const store = Deno.env.get(STORE_VARIABLE) || "system,mozilla";
  return { ...Object.fromEntries(proxies), [STORE_VARIABLE]: store };
}

/** How a client is made. */
export interface ClientOptions {
  /** The proxy's address, with user name and password where it has some; none where left out. */
  proxy?: string | undefined;
  /** How many idle connections are kept for each host. */
  poolMaxIdlePerHost?: number;
}

/**
 * Makes a client that requests are sent through. It trusts the system's and Mozilla's certificate
 * authorities (or what `DENO_TLS_CA_STORE` chooses) and, besides these, those in the files that
 * `ca_bundle`, `AWS_CA_BUNDLE`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS` name. It uses the proxy
 * that it is given and no other.
 *
 * @param settings The setting and the variables.
 * @param options The proxy, and further options of the client.
 * @returns A client for `fetch`.
 * @throws {SettingsError} `ca_bundle` where a file is missing or holds no certificate.
 */
export function prepareNetwork(
  settings: NetworkSettings,
  { proxy, ...options }: ClientOptions = {},
): Deno.HttpClient {
  const files = new Map<string, string>();
  if (settings.caBundle) files.set(settings.caBundle, "the setting ca_bundle");
  for (const name of VARIABLES) {
    const path = settings.environment.get(name);
    if (path !== undefined && !files.has(path)) files.set(path, name);
  }
  const caCerts = Array.from(files, ([path, source]) => readAuthorities(source, path));
  const through = proxy === undefined ? {} : { proxy: { url: proxy } };
  return withVariables(
    ownVariables(),
    () => Deno.createHttpClient({ caCerts, ...through, ...options }),
  );
}
