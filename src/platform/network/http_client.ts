/**
 * The `HttpClient` port: no redirects, no plain HTTP to other machines, limits of time and
 * size.
 *
 * @module
 */

import { Fault, NetworkError, OktaAwsError } from "../../errors.ts";
import type { HttpClient, HttpRequest, HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import {
  extraAuthorities,
  type NetworkSettings,
  prepareNetwork,
} from "./certificate_authorities.ts";
import { type ConnectionPool, connectionPool } from "./connection_pool.ts";
import { decodedBody } from "./content_encoding.ts";
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
async function readBody(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  host: string,
  most: number,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  // Leaving the loop cancels the stream, which closes the connection.
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > most) throw tooLarge(host, most);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** A checked request. */
interface ReadyRequest {
  url: URL;
  request: HttpRequest;
  headers: Headers;
  signal: AbortSignal;
}

async function sendByFetch(
  client: Deno.HttpClient,
  { url, request: { method, body, maxBodyBytes }, headers, signal }: ReadyRequest,
): Promise<HttpResponse> {
  const options = {
    method,
    headers,
    redirect: "manual",
    signal,
    client,
    ...(body === undefined ? {} : { body }),
  } satisfies RequestInit & { client: Deno.HttpClient };
  const response = await fetch(url, options);
  const text = await readBody(response.body ?? [], url.host, maxBodyBytes ?? MOST_BODY_BYTES);
  return { status: response.status, headers: response.headers, body: text };
}

async function sendOverPool(
  pool: ConnectionPool,
  proxy: URL | undefined,
  { url, request, headers, signal }: ReadyRequest,
): Promise<HttpResponse> {
  const { method, body, maxBodyBytes, repeatable = method !== "POST" } = request;
  for (const [name, value] of Object.entries(DEFAULT_HEADERS)) {
    if (!headers.has(name)) headers.set(name, value);
  }
  const destination = { url, proxy };
  const connection = await pool.take(destination, signal, !repeatable);
  const close = () => connection.close();
  signal.addEventListener("abort", close);
  try {
    signal.throwIfAborted();
    const response = await connection.send(url, { method, headers, body });
    const chunks = decodedBody(response);
    const text = await readBody(chunks, url.host, maxBodyBytes ?? MOST_BODY_BYTES);
    pool.giveBack(destination, connection);
    return { status: response.status, headers: response.headers, body: text };
  } catch (error) {
    connection.close();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

/** As `fetch` sends them, except that we can't read brotli. */
const DEFAULT_HEADERS = { "accept": "*/*", "accept-language": "*", "accept-encoding": "gzip" };

/** A proxy that is itself reached by TLS or SOCKS, or a plain request through one, is left to `fetch`. */
function isOurs(url: URL, proxy: URL | undefined): boolean {
  return proxy === undefined || (proxy.protocol === "http:" && url.protocol === "https:");
}

/**
 * Sends requests over connections of our own (`connection_pool.ts`), which are kept for the next
 * request, and on which nothing is ever sent twice.
 *
 * Through a proxy that we can't speak to, `fetch` sends them. Its connections are kept for the next GET,
 * and for POSTs that are `repeatable`. Any other POST gets its own connection with HTTP/1.1: if the
 * server closes a kept one at that moment, or refuses the stream of an HTTP/2 one (GOAWAY), `fetch`
 * silently sends the request again, and a password or code must not arrive twice.
 *
 * `send` also rejects with a `SettingsError`: `ca_bundle`, `bad_proxy`.
 */
export function createHttpClient(settings: HttpClientSettings): HttpClient {
  const clients = new Map<string, Deno.HttpClient>();
  const clientFor = (proxy: URL, { method, repeatable = method !== "POST" }: HttpRequest) => {
    const key = `${repeatable} ${proxy}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const kept = repeatable ? {} : { poolMaxIdlePerHost: 0, http2: false };
    const client = prepareNetwork(settings, { proxy: proxy.href, ...kept });
    clients.set(key, client);
    return client;
  };
  let authorities: string[] | undefined;
  const pool = connectionPool(() => authorities ??= extraAuthorities(settings));
  const proxyOf = (url: URL): URL | undefined => {
    const proxy = proxyFor(url, settings.environment.get);
    return proxy && new URL(proxy.url);
  };
  return {
    async send(request) {
      const url = checkedUrl(request.url);
      const headers = requestHeaders(request, settings.version);
      const signal = AbortSignal.timeout(request.timeoutMilliseconds ?? TIMEOUT_MILLISECONDS);
      const ready = { url, request, headers, signal };
      try {
        const proxy = proxyOf(url);
        return proxy === undefined || isOurs(url, proxy)
          ? await sendOverPool(pool, proxy, ready)
          : await sendByFetch(clientFor(proxy, request), ready);
      } catch (error) {
        throw error instanceof OktaAwsError ? error : networkError(error, url.host);
      }
    },
    async connectEarly(address, count = 1) {
      try {
        const url = checkedUrl(address);
        const proxy = proxyOf(url);
        if (!isOurs(url, proxy)) return;
        await pool.begin({ url, proxy }, count);
      } catch (error) {
        // The request that needs it reports what is wrong.
        if (!(error instanceof OktaAwsError)) throw error;
      }
    },
  };
}
