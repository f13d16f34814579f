/**
 * Loads Okta's auth-js, https://github.com/okta/okta-auth-js. The names of packages are resolved by
 * `deno_config.json` in this folder; the main configuration doesn't know them.
 */

import { samlResponseOf, send } from "../../sim/probe.ts";
import type { Simulator } from "../../sim/simulator.ts";

// deno-lint-ignore no-explicit-any -- the client's types can't be loaded
export type Json = any;

const PACKAGE = "@okta/okta-auth-js";
const { OktaAuth } = await import(PACKAGE) as Json;

/** A client that has no state of others. */
export function authClient(sim: Simulator): Json {
  return new OktaAuth({
    issuer: sim.okta,
    clientId: "0oaauthjs2i9XRNSRIHBZ",
    redirectUri: `${sim.okta}/callback`,
  });
}

/** Follows redirects with their cookies. */
async function follow(url: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next: string | null = url;
  while (true) {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const { headers, text } = await send(next, { headers: { cookie } });
    for (const line of headers.getSetCookie()) {
      const [pair] = line.split(";");
      const [name, ...value] = pair!.split("=");
      cookies.set(name!, value.join("="));
    }
    const location = headers.get("location");
    if (location === null) return text;
    next = new URL(location, next).href;
  }
}

/** Opens the app with a sessionToken; returns the assertion. */
export async function openApp(sim: Simulator, sessionToken: string): Promise<string> {
  const url = new URL("/login/sessionCookieRedirect", sim.okta);
  url.searchParams.set("token", sessionToken);
  url.searchParams.set("redirectUrl", sim.embedLink());
  return samlResponseOf(await follow(url.href));
}

/** Opens the app by the link at the end of a sign-in on Identity Engine; returns the assertion. */
export async function openAppBy(href: string): Promise<string> {
  return samlResponseOf(await follow(href));
}
