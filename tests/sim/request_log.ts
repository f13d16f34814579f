export type HostName = "okta" | "sts" | "sso" | "signin" | "eks";

/** A request, its body read and parsed. All handlers work on it. */
export interface LoggedRequest {
  /** Which origin was asked. */
  host: HostName;
  method: string;
  url: URL;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  text: string;
  /** `undefined` if the body is not a JSON object. */
  json: Record<string, unknown> | undefined;
  /** Empty if the body is not a form. */
  form: URLSearchParams;
  cookies: Map<string, string>;
  /** The answer's status; 0 until there is one. */
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
