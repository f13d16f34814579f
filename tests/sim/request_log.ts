/**
 * One request as the simulator saw it; also what every handler works on.
 *
 * @module
 */

/** Which of the origins was asked. */
export type HostName = "okta" | "sts" | "sso" | "signin" | "eks";

/** A request, its body read and parsed. */
export interface LoggedRequest {
  /** Which origin was asked. */
  host: HostName;
  /** The method. */
  method: string;
  /** The whole URL. */
  url: URL;
  /** The path, without the query. */
  path: string;
  /** The query's parameters. */
  query: URLSearchParams;
  /** The headers. */
  headers: Headers;
  /** The body's text. */
  text: string;
  /** The body where it is a JSON object, else `undefined`. */
  json: Record<string, unknown> | undefined;
  /** The body's parameters where it is a form; empty otherwise. */
  form: URLSearchParams;
  /** The cookies that came along. */
  cookies: Map<string, string>;
  /** The status of the answer; 0 until there is one. */
  status: number;
}

function parseCookies(header: string | null): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0) cookies.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  return cookies;
}

function parseJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @returns The request, read whole. */
export async function readRequest(host: HostName, request: Request): Promise<LoggedRequest> {
  const url = new URL(request.url);
  const text = await request.text();
  const type = request.headers.get("content-type") ?? "";
  return {
    host,
    method: request.method,
    url,
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    text,
    json: parseJsonObject(text),
    form: new URLSearchParams(type.startsWith("application/x-www-form-urlencoded") ? text : ""),
    cookies: parseCookies(request.headers.get("cookie")),
    status: 0,
  };
}
