/**
 * The certificate authorities that servers may be vouched for by: the system's, Mozilla's, and those
 * of the files that a person's company gave out.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import type { Environment } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { systemCode } from "./file_errors.ts";

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

/** Deno reads its root certificates once, when the first client is made; children see no change. */
function withAllStores<T>(act: () => T): T {
  if (Deno.env.get(STORE_VARIABLE)) return act();
  Deno.env.set(STORE_VARIABLE, "system,mozilla");
  try {
    return act();
  } finally {
    Deno.env.delete(STORE_VARIABLE);
  }
}

/**
 * Makes the client that requests are sent through. It trusts the system's and Mozilla's certificate
 * authorities (or what `DENO_TLS_CA_STORE` chooses) and, besides these, those in the files that
 * `ca_bundle`, `AWS_CA_BUNDLE`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS` name. It takes the proxy
 * from `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case. Call it before the
 * first request of the process.
 *
 * @param settings The setting and the variables.
 * @param options Further options of the client.
 * @returns A client for `fetch`.
 * @throws {SettingsError} `ca_bundle` where a file is missing or holds no certificate.
 */
export function prepareNetwork(
  settings: NetworkSettings,
  options: { poolMaxIdlePerHost?: number } = {},
): Deno.HttpClient {
  const files = new Map<string, string>();
  if (settings.caBundle) files.set(settings.caBundle, "the setting ca_bundle");
  for (const name of VARIABLES) {
    const path = settings.environment.get(name);
    if (path !== undefined && !files.has(path)) files.set(path, name);
  }
  const caCerts = Array.from(files, ([path, source]) => readAuthorities(source, path));
  return withAllStores(() => Deno.createHttpClient({ caCerts, ...options }));
}
