/**
 * TLS connections and HTTP clients with the trusted certificate authorities: the system's, Mozilla's,
 * and those of the user's files.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { systemCode } from "../files/file_errors.ts";
import { PROXY_VARIABLES } from "./proxies.ts";

export interface NetworkSettings {
  /** The setting `ca_bundle`: a PEM file. */
  caBundle?: string | undefined;
  /** Has `AWS_CA_BUNDLE`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`. */
  environment: Pick<Environment, "get">;
}

const VARIABLES = ["AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] as const;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----([^-]*)-----END CERTIFICATE-----/g;
const STORE_VARIABLE = "DENO_TLS_CA_STORE";

/** A file of certificate authorities, and the setting or variable that names it. */
interface AuthorityFile {
  source: string;
  path: string;
}

function unusable(
  { source, path }: AuthorityFile,
  reason: string,
  cause?: unknown,
): SettingsError {
  const message = `the CA file ${showUntrusted(path)} of ${source} ${reason}`;
  return new SettingsError(message, {
    code: "ca_bundle",
    hint: `set ${source} to a PEM file of certificate authorities`,
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

function readAuthorities(file: AuthorityFile): string {
  let pem: string;
  try {
    pem = Deno.readTextFileSync(file.path);
  } catch (error) {
    const missing = systemCode(error) === "ENOENT";
    throw unusable(file, missing ? "does not exist" : "can't be read", error);
  }
  const bodies = Array.from(pem.matchAll(CERTIFICATE), (match) => match[1]!);
  if (bodies.length === 0) throw unusable(file, "has no PEM certificate");
  if (!bodies.every(isCertificate)) throw unusable(file, "has a broken certificate");
  return pem;
}

/** Changes environment variables only while `act` runs, so that later children see no change. */
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

/** The CA stores, which Deno reads when the first client is made; and no proxy variables. */
function ownVariables(): Record<string, string | undefined> {
  const proxies = PROXY_VARIABLES.map((name) => [name, undefined]);
  const store = Deno.env.get(STORE_VARIABLE) || "system,mozilla";
  return { ...Object.fromEntries(proxies), [STORE_VARIABLE]: store };
}

/** Texts with PEM certificates that are trusted besides the stores'. @throws {SettingsError} `ca_bundle` */
export function extraAuthorities({ caBundle, environment }: NetworkSettings): string[] {
  const files = new Map<string, string>();
  if (caBundle) files.set(caBundle, "the setting ca_bundle");
  for (const name of VARIABLES) {
    const path = environment.get(name);
    if (path !== undefined && !files.has(path)) files.set(path, name);
  }
  return Array.from(files, ([path, source]) => readAuthorities({ source, path }));
}

/**
 * Starts TLS on a connection, for HTTP/1.1 alone. It trusts what {@linkcode prepareNetwork}'s clients
 * trust.
 *
 * @param hostname As in a URL.
 */
export function startTls(
  socket: Deno.TcpConn,
  hostname: string,
  caCerts: string[],
): Promise<Deno.TlsConn> {
  const options = {
    hostname: hostname.replace(/^\[|\]$/g, ""),
    caCerts,
    alpnProtocols: ["http/1.1"],
  };
  // Deno reads the variables before it returns the promise.
  return withVariables(ownVariables(), () => Deno.startTls(socket, options));
}

export interface ClientOptions {
  /** The proxy's URL, which may hold a password. */
  proxy?: string | undefined;
  /** Idle connections kept per host. */
  poolMaxIdlePerHost?: number;
  /** Whether HTTP/2 may be used (default: yes). */
  http2?: boolean;
}

/**
 * Makes a client for `fetch`. It trusts the CAs of the system and Mozilla (or of `DENO_TLS_CA_STORE`),
 * and those in the files of `ca_bundle`, `AWS_CA_BUNDLE`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`.
 * It uses no other proxy than the given one.
 *
 * @throws {SettingsError} `ca_bundle` if a file is missing or has no certificate.
 */
export function prepareNetwork(
  settings: NetworkSettings,
  { proxy, ...options }: ClientOptions = {},
): Deno.HttpClient {
  const caCerts = extraAuthorities(settings);
  const through = proxy === undefined ? {} : { proxy: { url: proxy } };
  return withVariables(
    ownVariables(),
    () => Deno.createHttpClient({ caCerts, ...through, ...options }),
  );
}
