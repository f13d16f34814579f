/**
 * HTTP/1.1 as text: the head of a request, the head of a response, and what follows it (RFC 9112).
 * Nothing here sends or waits.
 *
 * @module
 */

/** A response that breaks the rules of HTTP. The connection is of no further use. */
export class BadResponseError extends Error {
  override name = "BadResponseError";

  /** @param what What is wrong, never the server's own text. */
  constructor(what: string) {
    super(`invalid HTTP response: ${what}`);
  }
}

/** Status line and headers. */
export interface ResponseHead {
  /** `HTTP/1.0` keeps no connection. */
  minorVersion: 0 | 1;
  status: number;
  headers: Headers;
}

/** How the end of a body is found, RFC 9112, section 6.3. */
export type Framing =
  | { kind: "none" }
  | { kind: "length"; bytes: number }
  | { kind: "chunked" }
  | { kind: "until_close" };

const encoder = new TextEncoder();

/** Header values are bytes, written as characters up to U+00FF. */
function latin1Bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** A request as bytes. Method, URL and headers are already checked: no line break is left. */
export function formatRequest(
  url: URL,
  { method, headers, body }: { method: string; headers: Headers; body?: string | undefined },
): Uint8Array<ArrayBuffer> {
  const content = body === undefined ? undefined : encoder.encode(body);
  const length = content?.length ?? (method === "POST" ? 0 : undefined);
  const lines = [`${method} ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  for (const [name, value] of headers) {
    if (name !== "host" && name !== "content-length") lines.push(`${name}: ${value}`);
  }
  if (length !== undefined) lines.push(`content-length: ${length}`);
  const head = latin1Bytes(`${lines.join("\r\n")}\r\n\r\n`);
  const bytes = new Uint8Array(head.length + (content?.length ?? 0));
  bytes.set(head);
  if (content !== undefined) bytes.set(content, head.length);
  return bytes;
}

/** Parses `HTTP/1.1 200 OK`. @throws {BadResponseError} */
export function parseStatusLine(line: string): Pick<ResponseHead, "minorVersion" | "status"> {
  const [, minor, status] = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: .*)?$/.exec(line) ?? [];
  if (minor === undefined) throw new BadResponseError("no status line");
  return { minorVersion: minor === "0" ? 0 : 1, status: Number(status) };
}

/** Adds one header line. @throws {BadResponseError} Also for a line that continues the one before. */
export function addHeaderLine(headers: Headers, line: string): void {
  const colon = line.indexOf(":");
  try {
    // A name with a space in front of the colon is a way to smuggle requests.
    headers.append(line.slice(0, Math.max(0, colon)), line.slice(colon + 1));
  } catch {
    throw new BadResponseError("a broken header");
  }
}

/** A header's list, in lower case. */
export function listedIn(headers: Headers, name: string): string[] {
  const text = headers.get(name) ?? "";
  return text.toLowerCase().split(",").map((one) => one.trim()).filter((one) => one !== "");
}

/** Where a response's body ends. @throws {BadResponseError} If its headers contradict each other. */
export function framingOf({ status, headers }: ResponseHead): Framing {
  if (status === 204 || status === 304) return { kind: "none" };
  const codings = listedIn(headers, "transfer-encoding");
  if (codings.length > 0) {
    if (codings.length === 1 && codings[0] === "chunked") return { kind: "chunked" };
    throw new BadResponseError("an unknown transfer-encoding");
  }
  const lengths = [...new Set(listedIn(headers, "content-length"))];
  if (lengths.length === 0) return { kind: "until_close" };
  if (lengths.length > 1 || !/^\d{1,15}$/.test(lengths[0]!)) {
    throw new BadResponseError("a broken content-length");
  }
  return { kind: "length", bytes: Number(lengths[0]) };
}

/** The size in the line before a chunk; extensions after `;` are ignored. @throws {BadResponseError} */
export function parseChunkSize(line: string): number {
  const [, size] = /^([0-9a-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line) ?? [];
  if (size === undefined) throw new BadResponseError("a broken chunk");
  return parseInt(size, 16);
}

/** Whether the server may keep the connection for the next request. */
export function isKept({ minorVersion, headers }: ResponseHead, framing: Framing): boolean {
  if (framing.kind === "until_close" || minorVersion === 0) return false;
  // Two lengths: what follows may not be where we think it is (request smuggling).
  if (framing.kind === "chunked" && headers.has("content-length")) return false;
  const options = listedIn(headers, "connection");
  return !options.includes("close") && !options.includes("upgrade");
}

/** `timeout` of `Keep-Alive`, in milliseconds, if the server says how long it waits. */
export function keepAliveMilliseconds(headers: Headers): number | undefined {
  const [, seconds] = /(?:^|[,\s])timeout=(\d{1,6})\b/i.exec(headers.get("keep-alive") ?? "") ?? [];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
