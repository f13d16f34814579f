/**
 * The `HttpClient` port on `fetch`: no redirects, no plain HTTP to other machines, limits of time and
 * size.
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

export interface HttpClientSettings extends NetworkSettings {
  /** For the `User-Agent`. */
  version: string;
}

/** Whether `URL.hostname` is this machine: `localhost`, a name below it, 127.0.0.0/8 or `[::1]`. */
export function isLoopbackHost(hostname: string): boolean {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return true;
  return hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function refuseUrl(message: string): NetworkError {
  return new NetworkError(message, {
    code: "insecure_url",
    unsent: true,
    hint: "use an https URL (http only works for this computer)",
  });
}

function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw refuseUrl("could not send a request: not a valid URL");
  const host = showUntrusted(url.host);
  if (url.username !== "" || url.password !== "") {
    throw refuseUrl(`the URL of ${host} contains a user name or password`);
  }
  if (url.protocol === "https:") return url;
  if (url.protocol === "http:" && isLoopbackHost(url.hostname)) return url;
  throw refuseUrl(`will not send a request to ${host} over ${showUntrusted(url.protocol)}`);
}

function requestHeaders(request: HttpRequest, version: string): Headers {
  try {
    const headers = new Headers(request.headers);
    if (!headers.has("user-agent")) headers.set("user-agent", `okta-aws/${version}`);
    return headers;
  } catch {
    // The original error quotes the header's value, which may be a cookie.
    throw new Fault("a request has an invalid header");
  }
}

function tooLarge(host: string, most: number): NetworkError {
  return new NetworkError(`${showUntrusted(host)} sent more than ${most} bytes`, {
    code: "too_large",
    hint: "check the URL: this is probably not the right server",
  });
}

/** `most` limits the bytes after decompression. */
async function readBody(response: Response, host: string, most: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Leaving the loop cancels the stream, which closes the connection.
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
 * Connections are kept for the next GET, and for POSTs that are `repeatable`, so that sixty roles do
 * not need sixty TLS handshakes. Any other POST gets its own connection with HTTP/1.1: if the server
 * closes a kept one at that moment, or refuses the stream of an HTTP/2 one (GOAWAY), `fetch` silently
 * sends the request again, and a password or code must not arrive twice.
 *
 * `send` also rejects with a `SettingsError`: `ca_bundle`, `bad_proxy`.
 */
export function createHttpClient(settings: HttpClientSettings): HttpClient {
  const clients = new Map<string, Deno.HttpClient>();
  const clientFor = (url: URL, { method, repeatable = method !== "POST" }: HttpRequest) => {
    const proxy = proxyFor(url, settings.environment.get)?.url;
    const key = `${repeatable} ${proxy}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const kept = repeatable ? {} : { poolMaxIdlePerHost: 0, http2: false };
    const client = prepareNetwork(settings, { proxy, ...kept });
    clients.set(key, client);
    return client;
  };
  return {
    send: (request) => send(request, settings.version, (url) => clientFor(url, request)),
  };
}
