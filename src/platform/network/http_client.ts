/**
 * HTTP on `fetch`: no redirect is followed, nothing goes out in the clear, and neither a server that
 * is slow nor one that sends without end can hold us up.
 *
 * @module
 */

import { Fault, NetworkError, OktaAwsError } from "../../errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { type NetworkSettings, prepareNetwork } from "./certificate_authorities.ts";
import { networkError } from "./network_errors.ts";
import { proxyFor } from "./proxies.ts";

const TIMEOUT_MILLISECONDS = 30_000;
const MOST_BODY_BYTES = 1_048_576;

/** What the client needs to know. */
export interface HttpClientSettings extends NetworkSettings {
  /** The program's version, for the `User-Agent`. */
  version: string;
}

/**
 * Tells whether a host is this machine, so that plain http to it leaves no trace on any wire.
 *
 * @param hostname As `URL.hostname` has it.
 * @returns Whether it is this machine: `localhost`, a name below it, 127.0.0.0/8 or `[::1]`.
 */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  return hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function refuseUrl(message: string): NetworkError {
  return new NetworkError(message, {
    code: "insecure_url",
    hint: "only https addresses are used, and http ones on this machine itself",
  });
}

function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw refuseUrl("an address to send a request to is not a URL");
  const host = showUntrusted(url.host);
  if (url.username !== "" || url.password !== "") {
    throw refuseUrl(`the address of ${host} holds a user name or password`);
  }
  if (url.protocol === "https:") return url;
  if (url.protocol === "http:" && isLoopbackHost(url.hostname)) return url;
  throw refuseUrl(`nothing is sent to ${host} over ${showUntrusted(url.protocol)}`);
}

function requestHeaders(request: HttpRequest, version: string): Headers {
  try {
    const headers = new Headers(request.headers);
    if (!headers.has("user-agent")) headers.set("user-agent", `okta-aws/${version}`);
    return headers;
  } catch {
    // What was thrown quotes the header's value, which may be a cookie.
    throw new Fault("a request has a header that can't be sent");
  }
}

function tooLarge(host: string, most: number): NetworkError {
  return new NetworkError(`${showUntrusted(host)} sent more than ${most} bytes`, {
    code: "too_large",
    hint: "check the address: this is not the answer of the service that was asked",
  });
}

/** Reads a body, its bytes counted after they are decompressed. */
async function readBody(response: Response, host: string, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Leaving the loop early cancels the stream, which closes the connection.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge(host, most);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function send(
  request: HttpRequest,
  version: string,
  client: (url: URL) => Deno.HttpClient,
): Promise<HttpResponse> {
  const url = checkedUrl(request.url);
  const options = {
    method: request.method,
    headers: requestHeaders(request, version),
    redirect: "manual",
    signal: AbortSignal.timeout(request.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS),
    client: client(url),
    ...(request.body === undefined ? {} : { body: request.body }),
  } satisfies RequestInit & { client: Deno.HttpClient };
  try {
    const response = await fetch(url, options);
    const body = await readBody(response, url.host, request.maxBodyBytes ?? MOST_BODY_BYTES);
    return { status: response.status, headers: response.headers, body };
  } catch (error) {
    throw error instanceof OktaAwsError ? error : networkError(error, url.host);
  }
}

/**
 * The HTTP client; certificate authorities are those of {@linkcode prepareNetwork}, the proxy is that
 * of {@linkcode proxyFor}.
 *
 * Connections are kept for the next GET, and for the next POST that may arrive twice: sixty roles
 * need no sixty TLS handshakes. Any other POST has one of its own: on a kept one that the server
 * closes at that moment, `fetch` sends the request a second time by itself, and a password or a code
 * must not arrive twice.
 *
 * @param settings The version, and where certificate authorities and proxies are named.
 * @returns The port. Besides what the port documents, `send` rejects with a `SettingsError`:
 * `ca_bundle` where a file of certificate authorities is not usable, `bad_proxy` where a variable is
 * not the address of a proxy.
 */
export function createHttpClient(settings: HttpClientSettings): HttpClient {
  const clients = new Map<string, Deno.HttpClient>();
  const clientFor = (url: URL, { method, repeatable = method !== "POST" }: HttpRequest) => {
    const proxy = proxyFor(url, settings.environment.get)?.url;
    const key = `${repeatable} ${proxy}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const kept = repeatable ? {} : { poolMaxIdlePerHost: 0 };
    const client = prepareNetwork(settings, { proxy, ...kept });
    clients.set(key, client);
    return client;
  };
  return {
    send: (request) => send(request, settings.version, (url) => clientFor(url, request)),
  };
}
