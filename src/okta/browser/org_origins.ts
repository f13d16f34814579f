/** Which origins and cookies are the org's. @module */

import { OktaAwsError } from "../../errors.ts";
import type { BrowserCookie } from "../../ports.ts";
import type { StoredCookie } from "../client/cookie_jar.ts";

/** The origins that belong to the org, asked for at most once in a sign-in. */
export class OwnedOrigins {
  readonly #known = new Map<string, Promise<boolean>>();
  readonly #owns: (url: URL) => Promise<boolean>;

  constructor(owns: (url: URL) => Promise<boolean>) {
    this.#owns = owns;
  }

  /** An org that doesn't tell its origins, for it answers only browsers, has the one that we know. */
  has(origin: string): Promise<boolean> {
    const known = this.#known.get(origin);
    if (known !== undefined) return known;
    const url = URL.parse(origin);
    const asked = url === null ? Promise.resolve(false) : this.#owns(url).catch((error) => {
      if (error instanceof OktaAwsError) return false;
      throw error;
    });
    this.#known.set(origin, asked);
    return asked;
  }
}

/** The cookies that the browser would send to the org. */
export function orgCookies(cookies: readonly BrowserCookie[], org: string): StoredCookie[] {
  const { host, hostname } = new URL(org);
  const isOrgs = ({ domain }: BrowserCookie) =>
    domain === hostname || (domain.startsWith(".") && `.${hostname}`.endsWith(domain));
  return cookies.filter(isOrgs).map(({ name, value, path, expires }) => ({
    host,
    name,
    value,
    path,
    ...(expires !== undefined && { expires: expires * 1000 }),
  }));
}
