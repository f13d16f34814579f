/**
 * The Okta session: create it from a sessionToken, check it, end it.
 *
 * Source: https://developer.okta.com/docs/guides/session-cookie/main/
 *
 * @module
 */

import * as v from "valibot";
import type { HttpResponse } from "../../ports.ts";
import { lenient, object } from "../../schemas.ts";
import type { Secret } from "../../secret.ts";
import type { OktaClient } from "./client.ts";

/**
 * The URL that turns a sessionToken into session cookies and redirects to a page of the org. It
 * works once, and is a secret until then.
 */
export function sessionCookieUrl(org: string, sessionToken: Secret, redirectUrl: string): string {
  const url = new URL("/login/sessionCookieRedirect", org);
  url.searchParams.set("checkAccountSetupComplete", "true");
  url.searchParams.set("token", sessionToken.reveal());
  url.searchParams.set("redirectUrl", redirectUrl);
  return url.href;
}

/**
 * An app's own URL with a sessionToken: Okta sets the session's cookies and shows the app, in one
 * request. It works once, and is a secret until then. Only Classic is known to do this.
 *
 * @returns `undefined` if it is not an app's URL.
 */
export function appSessionUrl(app: string, sessionToken: Secret): string | undefined {
  const url = new URL(app);
  if (!/^\/(?:home|app)\/[^/]+\/[^/]+/.test(url.pathname)) return undefined;
  url.searchParams.append("onetimetoken", sessionToken.reveal());
  return url.href;
}

const sessionSchema = object({
  status: v.string(),
  expiresAt: lenient(v.string()),
});

export interface SessionState {
  /** Whether the session is complete: it does not wait for a factor. */
  active: boolean;
  /** Milliseconds since the Unix epoch, if Okta says. */
  expiresAt: number | undefined;
}

/** Checks the session in the cookie jar (`GET /api/v1/sessions/me`). */
export async function currentSession(client: OktaClient): Promise<SessionState> {
  const response = await client.get("/api/v1/sessions/me");
  return processSessionResponse(response);
}

/** Any other response (a sign-in page, an error) means not active. */
export function processSessionResponse(response: HttpResponse): SessionState {
  const none = { active: false, expiresAt: undefined };
  if (response.status !== 200) return none;
  try {
    const { status, expiresAt } = v.parse(sessionSchema, JSON.parse(response.body));
    if (status !== "ACTIVE") return none;
    return { active: true, expiresAt: Date.parse(expiresAt ?? "") || undefined };
  } catch {
    return none;
  }
}

/**
 * Ends the session in the cookie jar (`DELETE /api/v1/sessions/me`). Returns false if there was
 * none.
 */
export async function deleteSession(client: OktaClient): Promise<boolean> {
  const response = await client.get("/api/v1/sessions/me", "DELETE");
  return response.status === 204;
}
