/** Sessions: create from a sessionToken, read, refresh, delete. */

import { oktaNow, oktaTime } from "../clock.ts";
import { base64Text, oktaToken } from "../random_text.ts";
import type { Session, SessionToken } from "../state.ts";
import { type OktaContext, sessionOf } from "./context.ts";
import { oktaError } from "./errors.ts";
import { errorPage, html, loginPage } from "./pages.ts";
import { link } from "./classic/transaction_body.ts";

/** Takes the sessionToken; `undefined` if it is unknown, used or expired. */
export function redeem({ world, state }: OktaContext, text: string): SessionToken | undefined {
  const token = state.sessionTokens.get(text);
  state.sessionTokens.delete(text);
  return token && token.expiresAt > oktaNow(world.clock) ? token : undefined;
}

export function startSession({ world, state }: OktaContext, token: SessionToken): Session {
  const now = oktaNow(world.clock);
  const session: Session = {
    id: `102${oktaToken("")}`,
    user: token.user,
    createdAt: now,
    expiresAt: now + world.org.sessionLifetimeMs,
    lastFactor: token.amr.includes("mfa") ? now : undefined,
    amr: token.amr,
    steppedUp: new Set(token.steppedUp === undefined ? [] : [token.steppedUp]),
    idx: `eyJ6aXAiOiJERUYi${oktaToken("")}`,
  };
  state.sessions.set(session.id, session);
  return session;
}

/**
 * The `Set-Cookie` headers of a new session: several headers, one with a comma in its date, and an
 * empty `sid` before the real one, as recorded.
 */
export function sessionCookies(context: OktaContext, session: Session): Headers {
  const headers = new Headers();
  const secure = context.origin.startsWith("https:") ? "; Secure" : "";
  const add = (cookie: string) => headers.append("set-cookie", cookie + secure);
  const years = new Date(oktaNow(context.world.clock) + 2 * 365 * 24 * 3600_000).toUTCString();
  add(`JSESSIONID=${crypto.randomUUID().replaceAll("-", "").toUpperCase()}; Path=/; HttpOnly`);
  if (!context.request.cookies.has("DT")) {
    add(`DT=DI0${base64Text(20).replace(/[+/]/g, "-")}; Expires=${years}; Path=/`);
  }
  add("t=default; Path=/");
  add(`sid=""; Expires=Thu, 01 Jan 1970 00:00:10 GMT; Path=/`);
  add(`sid=${session.id}; Path=/; HttpOnly`);
  if (context.world.org.pipeline === "idx") add(`idx=${session.idx}; Path=/; HttpOnly`);
  return headers;
}

function isTrusted({ world, origin }: OktaContext, target: URL): boolean {
  return target.origin === origin || world.org.trustedOrigins.includes(target.origin);
}

/** `GET` or form `POST /login/sessionCookieRedirect`. */
export function sessionCookieRedirect(context: OktaContext): Response {
  const { request, origin } = context;
  const parameters = request.method === "POST" ? request.form : request.query;
  const redirectUrl = parameters.get("redirectUrl") ?? "";
  const target = URL.canParse(redirectUrl, origin) ? new URL(redirectUrl, origin) : undefined;
  if (!redirectUrl || !target || !isTrusted(context, target)) {
    return html(errorPage("Bad Request", "The redirectUrl is not a trusted origin."), 400);
  }
  const existing = sessionOf(context);
  const token = existing ? undefined : redeem(context, parameters.get("token") ?? "");
  if (!existing && !token) return html(loginPage(origin, redirectUrl));
  const session = existing ?? startSession(context, token!);
  const headers = sessionCookies(context, session);
  headers.set("location", redirectUrl);
  return new Response(null, { status: 302, headers });
}

/** The session's origin (Classic only). */
const IDP = { id: "00oigpTeBgc5cgQh50h7", type: "OKTA" };

function sessionBody(context: OktaContext, session: Session): Record<string, unknown> {
  const url = `${context.origin}/api/v1/sessions/me`;
  const { user } = session;
  return {
    id: session.id,
    userId: user.id,
    login: user.login,
    createdAt: oktaTime(session.createdAt),
    expiresAt: oktaTime(session.expiresAt),
    status: "ACTIVE",
    lastPasswordVerification: oktaTime(session.createdAt),
    lastFactorVerification: session.lastFactor === undefined ? null : oktaTime(session.lastFactor),
    amr: session.amr,
    ...(context.world.org.pipeline === "idx" ? {} : { idp: IDP }),
    mfaActive: user.factors.length > 0,
    _links: {
      self: { href: url, hints: { allow: ["GET", "DELETE"] } },
      refresh: link(`${url}/lifecycle/refresh`),
      user: {
        name: `${user.firstName} ${user.lastName}`,
        href: `${context.origin}/api/v1/users/me`,
        hints: { allow: ["GET", "POST"] },
      },
    },
  };
}

function createSession(context: OktaContext): Response {
  const { world, request } = context;
  if (request.json === undefined) return oktaError(world, "E0000003");
  const token = redeem(context, String(request.json.sessionToken));
  if (!token) return oktaError(world, "E0000004");
  return Response.json(sessionBody(context, startSession(context, token)));
}

/** `/api/v1/sessions` and below. */
export function answerSessions(context: OktaContext): Response {
  const { world, state, request } = context;
  const path = request.path.slice("/api/v1/sessions".length);
  if (path === "" && request.method === "POST") return createSession(context);
  const session = sessionOf(context);
  if (path !== "/me" && path !== "/me/lifecycle/refresh") return oktaError(world, "E0000022");
  if (!session) return oktaError(world, "E0000007", [], "Resource not found: me (Session)");
  if (path === "/me" && request.method === "GET") {
    return Response.json(sessionBody(context, session));
  }
  if (path === "/me" && request.method === "DELETE") {
    state.sessions.delete(session.id);
    return new Response(null, { status: 204 });
  }
  if (path !== "/me" && request.method === "POST") {
    session.expiresAt = oktaNow(world.clock) + world.org.sessionLifetimeMs;
    return Response.json(sessionBody(context, session));
  }
  return oktaError(world, "E0000022");
}
