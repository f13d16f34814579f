/** Who may ask the server for what: rules against other sites, other hosts and large bodies. @module */

import { UsageError } from "../errors.ts";

/** Where a request came from. */
export type Entrance = "port" | "socket";

/** Answers and forms are small. */
const MOST_BODY_BYTES = 16 * 1024;
const BODY_MILLISECONDS = 10_000;

/** Nothing is loaded from elsewhere; forms may end at AWS, whose hosts depend on the partition. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": CONTENT_SECURITY_POLICY,
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  // "no-referrer" would make browsers send forms with "Origin: null".
  "Referrer-Policy": "same-origin",
  "X-Content-Type-Options": "nosniff",
  "X-Frame-Options": "DENY",
};

/** Whether the request is addressed to us: with DNS rebinding another site's name leads here. */
export function isOwnHost(request: Request, entrance: Entrance, port: number): boolean {
  if (entrance === "socket") return true;
  const host = request.headers.get("host")?.toLowerCase();
  return host === `localhost:${port}` || host === `127.0.0.1:${port}`;
}

/**
 * Whether the request comes from our own page, from the person (a bookmark, the address bar), or
 * from a program.
 */
export function isOwnOrigin(request: Request, port: number): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "none" && site !== "same-origin") return false;
  const origin = request.headers.get("origin");
  return origin === null || origin === `http://localhost:${port}`;
}

/**
 * The fields of a form.
 *
 * @throws {UsageError} `bad_form`
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) throw badForm("is not a form");
  const bytes: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  const late = setTimeout(() => void reader?.cancel().catch(() => {}), BODY_MILLISECONDS);
  try {
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) break;
      bytes.push(part.value);
      size += part.value.length;
      if (size > MOST_BODY_BYTES) throw badForm("is too large");
    }
  } finally {
    clearTimeout(late);
    void reader?.cancel().catch(() => {});
  }
  return new URLSearchParams(await new Blob(bytes as Uint8Array<ArrayBuffer>[]).text());
}

function badForm(why: string): UsageError {
  return new UsageError(`the request's body ${why}`, { code: "bad_form" });
}
