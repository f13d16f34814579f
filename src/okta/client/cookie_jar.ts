/**
 * The cookies of one org. A cookie goes back only to the host (with its port) that set it: the
 * `Domain` attribute is ignored, so a session never reaches a sister host (RFC 6265, host-only).
 *
 * @module
 */

/** One cookie as it is kept. */
export interface StoredCookie {
  host: string;
  name: string;
  value: string;
  path: string;
  /** When it ends, milliseconds since the Unix epoch; a cookie of the session has none. */
  expires?: number;
}

/** Of an attribute that stands twice the last one counts (RFC 6265, 5.3). */
function attribute(parts: string[], name: string): string | undefined {
  const pairs = parts.map((part) => {
    const [key = "", ...value] = part.split("=");
    return { key: key.trim().toLowerCase(), value: value.join("=").trim() };
  });
  return pairs.findLast(({ key }) => key === name)?.value;
}

/** `Max-Age` wins over `Expires`, which is by the server's clock: ours may be off by hours. */
function expiry(parts: string[], headers: Headers, now: number): number | undefined {
  const seconds = attribute(parts, "max-age") ?? "";
  if (/^-?\d{1,12}$/.test(seconds)) return now + Number(seconds) * 1000;
  const expires = Date.parse(attribute(parts, "expires") ?? "");
  if (Number.isNaN(expires)) return undefined;
  const serverNow = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(serverNow) ? expires : expires - serverNow + now;
}

function pathMatches(path: string, requestPath: string): boolean {
  if (path === requestPath || path === "/") return true;
  return requestPath.startsWith(path.endsWith("/") ? path : `${path}/`);
}

/** Cookies by host, path and name. */
export class CookieJar {
  #cookies: StoredCookie[] = [];

  /** Puts kept cookies in place of those that are here. */
  restore(cookies: StoredCookie[]): void {
    this.#cookies = [...cookies];
  }

  /**
   * Takes in the `Set-Cookie` headers of an answer.
   *
   * @param now Milliseconds since the Unix epoch.
   */
  accept(url: URL, headers: Headers, now: number): void {
    for (const header of headers.getSetCookie()) {
      const [pair = "", ...parts] = header.split(";");
      const equals = pair.indexOf("=");
      const name = pair.slice(0, Math.max(0, equals)).trim();
      if (name === "") continue;
      const path = attribute(parts, "path");
      const expires = expiry(parts, headers, now);
      this.#put({
        host: url.host,
        name,
        value: pair.slice(equals + 1).trim(),
        path: path?.startsWith("/") ? path : "/",
        ...(expires === undefined ? {} : { expires }),
      }, now);
    }
  }

  #put(cookie: StoredCookie, now: number): void {
    const same = (other: StoredCookie) =>
      other.host === cookie.host && other.name === cookie.name && other.path === cookie.path;
    this.#cookies = this.#cookies.filter((other) => !same(other));
    if (cookie.expires === undefined || cookie.expires > now) this.#cookies.push(cookie);
  }

  /**
   * The `Cookie` header for a request.
   *
   * @param now Milliseconds since the Unix epoch.
   */
  header(url: URL, now: number): string | undefined {
    const fitting = this.#cookies.filter((cookie) =>
      cookie.host === url.host && pathMatches(cookie.path, url.pathname) &&
      (cookie.expires === undefined || cookie.expires > now)
    );
    if (fitting.length === 0) return undefined;
    const longestPathFirst = fitting.toSorted((a, b) => b.path.length - a.path.length);
    return longestPathFirst.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  }

  /**
   * Forgets every cookie but the named ones: `DT`, Okta's memory of this device, outlives a session.
   */
  keepOnly(names: string[]): void {
    this.#cookies = this.#cookies.filter((cookie) => names.includes(cookie.name));
  }

  /** All cookies, to be kept. They are secrets. */
  cookies(): StoredCookie[] {
    return [...this.#cookies];
  }
}
