/**
 * The Okta session: made from a sessionToken, kept as cookies, ended.
 *
 * Source: https://developer.okta.com/docs/guides/session-cookie/main/
 *
 * @module
 */

import * as z from "zod/mini";
import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import type { OktaClient } from "./client.ts";

/**
 * The URL that turns a sessionToken into session cookies and goes on to a page of the org. The token
 * is used up by the first call.
 *
 * @returns The URL. It is a secret until it has been called.
 */
export function sessionCookieUrl(org: string, sessionToken: Secret, redirectUrl: string): string {
  const url = new URL("/login/sessionCookieRedirect", org);
  url.searchParams.set("checkAccountSetupComplete", "true");
  url.searchParams.set("token", sessionToken.reveal());
  url.searchParams.set("redirectUrl", redirectUrl);
  return url.href;
}

const sessionSchema = z.object({
  status: z.string(),
  expiresAt: z.catch(z.optional(z.string()), undefined),
});

/** When Okta ends a session by itself. */
export interface SessionState {
  /** Whether Okta knows the session, and it lacks nothing. */
  active: boolean;
  /** Milliseconds since the Unix epoch, where Okta says. */
  expiresAt: number | undefined;
}

/** Asks Okta whether the session of the jar is alive (`GET /api/v1/sessions/me`). */
export async function currentSession(client: OktaClient): Promise<SessionState> {
  const response = await client.get("/api/v1/sessions/me");
  return processSessionResponse(response);
}

/** Reads `GET /api/v1/sessions/me`. */
export function processSessionResponse(response: HttpResponse): SessionState {
  const none = { active: false, expiresAt: undefined };
  if (response.status !== 200) return none;
  try {
    const { status, expiresAt } = sessionSchema.parse(JSON.parse(response.body));
    if (status !== "ACTIVE") return none;
    return { active: true, expiresAt: Date.parse(expiresAt ?? "") || undefined };
  } catch {
    return none;
  }
}

/** Ends the session of the jar at Okta (`DELETE /api/v1/sessions/me`). */
export async function deleteSession(client: OktaClient): Promise<boolean> {
  const response = await client.get("/api/v1/sessions/me", "DELETE");
  return response.status === 204;
}
