/**
 * The cookies of one org. A cookie is sent only to the host and port that set it. `Domain` is
 * ignored, so a session never reaches another host (RFC 6265, host-only).
 *
 * @module
 */

export interface StoredCookie {
  host: string;
  name: string;
  value: string;
  path: string;
  /** Milliseconds since the Unix epoch; omitted for session cookies. */
  expires?: number;
}

/** The last of repeated attributes counts (RFC 6265, section 5.3). */
function attribute(parts: string[], name: string): string | undefined {
  const pairs = parts.map((part) => {
    const [key = "", ...value] = part.split("=");
    return { key: key.trim().toLowerCase(), value: value.join("=").trim() };
  });
  return pairs.findLast(({ key }) => key === name)?.value;
}

/**
 * `Max-Age` wins over `Expires`. `Expires` follows the server's clock, so it is adjusted to ours.
 */
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

export class CookieJar {
  #cookies: StoredCookie[] = [];

  /** Replaces all cookies. */
  restore(cookies: StoredCookie[]): void {
    this.#cookies = [...cookies];
  }

  /**
   * Stores the `Set-Cookie` headers of a response. `now` is in milliseconds since the Unix epoch.
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

  /** The `Cookie` header for a request; `undefined` if no cookie matches. */
  header(url: URL, now: number): string | undefined {
    const fitting = this.#cookies.filter((cookie) =>
      cookie.host === url.host && pathMatches(cookie.path, url.pathname) &&
      (cookie.expires === undefined || cookie.expires > now)
    );
    if (fitting.length === 0) return undefined;
    const longestPathFirst = fitting.toSorted((a, b) => b.path.length - a.path.length);
    return longestPathFirst.map((cookie) => `${cookie.name}=${cookie.value}`).join("; ");
  }

  /** Deletes all cookies except the named ones. `DT`, Okta's device cookie, outlives a session. */
  keepOnly(names: string[]): void {
    this.#cookies = this.#cookies.filter((cookie) => names.includes(cookie.name));
  }

  /** All cookies. They are secrets. */
  cookies(): StoredCookie[] {
    return [...this.#cookies];
  }
}
