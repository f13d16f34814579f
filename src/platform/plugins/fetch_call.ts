/** `fetch` of plugins: only granted hosts, at both ends of every redirect. @module */

import type { Environment, PluginSetup } from "../../ports.ts";
import { prepareNetwork } from "../network/certificate_authorities.ts";
import { proxyFor } from "../network/proxies.ts";
import type { Argument } from "./file_calls.ts";
import { notCapable, PluginCallError } from "./plugin_error.ts";

const MOST_BODY_BYTES = 4 * 1024 * 1024;
const MOST_REDIRECTS = 10;
const REDIRECTS = [301, 302, 303, 307, 308];
/** Not sent to another origin. */
const PRIVATE_HEADERS = ["authorization", "cookie", "proxy-authorization"];
const BODY_HEADERS = ["content-type", "content-length", "content-encoding", "content-language"];

/** Whether an entry of `net` (`example.com`, `*.example.com`, `[::1]:8080`) covers a URL. */
function covers(entry: string, url: URL): boolean {
  const [, wildcard, rest = ""] = /^(\*\.)?(.*)$/.exec(entry)!;
  const [, host = rest, port] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(rest) ?? [];
  if (port !== undefined && port !== (url.port || (url.protocol === "https:" ? "443" : "80"))) {
    return false;
  }
  const wanted = URL.parse(`http://${host}/`)?.hostname;
  const hostname = url.hostname.replace(/\.$/, "");
  if (wanted === undefined || wanted === "") return false;
  return wildcard === undefined ? hostname === wanted : hostname.endsWith(`.${wanted}`);
}

function checkedUrl(text: unknown, net: readonly string[]): URL {
  const url = URL.parse(String(text));
  if (url === null) throw new PluginCallError("TypeError", "not a valid URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw notCapable(`fetch has only https and http, not ${url.protocol}`);
  }
  if (!net.some((entry) => covers(entry, url))) {
    throw notCapable(`${url.host} is not among the permissions "net"`);
  }
  return url;
}

async function readBody({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) {
      throw new PluginCallError("InvalidData", "the answer is too large");
    }
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer()).toBase64();
}

interface Step {
  url: URL;
  method: string;
  headers: Headers;
  body: Uint8Array<ArrayBuffer> | undefined;
}

/** The request after a redirect, as browsers make it. */
function nextStep({ url, method, headers, body }: Step, status: number, to: URL): Step {
  const next = new Headers(headers);
  if (to.origin !== url.origin) { for (const name of PRIVATE_HEADERS) next.delete(name); }
  const becomesGet = (status === 303 && method !== "HEAD") || (status < 303 && method === "POST");
  if (!becomesGet) return { url: to, method, headers: next, body };
  for (const name of BODY_HEADERS) next.delete(name);
  return { url: to, method: "GET", headers: next, body: undefined };
}

function firstStep({ url, method, headers, body }: Argument, net: readonly string[]): Step {
  return {
    url: checkedUrl(url, net),
    method: String(method),
    headers: new Headers(headers as [string, string][]),
    body: typeof body === "string" ? Uint8Array.fromBase64(body) : undefined,
  };
}

async function send(
  { url, method, headers, body }: Step,
  client: Deno.HttpClient,
  signal: AbortSignal,
): Promise<Response> {
  const options = {
    method,
    headers,
    redirect: "manual",
    signal,
    client,
    body: body ?? null,
  } as const;
  try {
    return await fetch(url, options as RequestInit);
  } catch (error) {
    // The reason is in the cause; it names no secret of ours.
    const { cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : (error as Error).message;
    throw new PluginCallError("TypeError", `could not fetch from ${url.host}: ${reason}`);
  }
}

/** Our proxies and certificate authorities apply. */
export async function fetchFor(
  environment: Environment,
  { permissions: { net }, caBundle }: PluginSetup,
  { argument, signal }: { argument: Argument; signal: AbortSignal },
): Promise<unknown> {
  let step = firstStep(argument, net);
  for (let redirects = 0;; redirects++) {
    const proxy = proxyFor(step.url, environment.get)?.url;
    using client = prepareNetwork({ environment, caBundle }, { proxy });
    const response = await send(step, client, signal);
    const { status, statusText, headers } = response;
    const location = REDIRECTS.includes(status) ? headers.get("location") : null;
    if (location === null || argument.redirect === "manual") {
      const body = await readBody(response);
      const url = step.url.href;
      return { url, redirected: redirects > 0, status, statusText, headers: [...headers], body };
    }
    await response.body?.cancel();
    if (argument.redirect === "error" || redirects === MOST_REDIRECTS) {
      throw new PluginCallError("TypeError", `${step.url.host} redirects`);
    }
    step = nextStep(step, status, checkedUrl(URL.parse(location, step.url)?.href, net));
  }
}
