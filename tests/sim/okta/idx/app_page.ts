/**
 * The app's page on Identity Engine: the assertion, or a sign-in page with a stateToken; and the
 * redirect from a finished sign-in to the app.
 */

import { oktaNow } from "../../clock.ts";
import type { Session } from "../../state.ts";
import type { SimApp } from "../../world.ts";
import { awsApp } from "../../default_world.ts";
import { type OktaContext, sessionOf } from "../context.ts";
import { errorPage, html, loginPage, stepUpPage } from "../pages.ts";
import { sessionCookies, startSession } from "../sessions.ts";
import { isEnough } from "./policy.ts";
import { endIdx, startIdx } from "./transaction.ts";

/** Whether the session satisfies the app's policy; with `everyTime`, once per sign-in. */
export function opensApp(app: SimApp, session: Session): boolean {
  if (session.steppedUp.has(app.id)) {
    if (app.policy?.everyTime) session.steppedUp.delete(app.id);
    return true;
  }
  const { everyTime, denial, gracePeriod } = app.policy ?? {};
  const free = !everyTime && denial === undefined && !gracePeriod;
  return free && isEnough(app, session.user, session.amr);
}

export function signInPage(
  context: OktaContext,
  app: SimApp,
  session: Session | undefined,
): Response {
  const { stateToken } = startIdx(context, app, session);
  return html(stepUpPage(stateToken, context.world.idx.page, "Acme - Sign In"));
}

/** The dashboard: an app without an assertion, assigned to everyone. */
function dashboard({ world }: OktaContext): SimApp {
  return awsApp("Okta Dashboard", {
    id: "0oa95jo1PTrdxHjaZ0g4",
    name: "okta_enduser",
    assigned: world.users.map(({ login }) => login),
  });
}

/** `GET /`, `/app/UserHome`, `/login/login.htm`: the dashboard, or its sign-in page. */
export function dashboardPage(context: OktaContext): Response {
  const session = sessionOf(context);
  return session
    ? html(errorPage("My Apps", `Welcome, ${session.user.firstName}`))
    : signInPage(context, dashboard(context), undefined);
}

/** `GET /login/token/redirect?stateToken=`: works once; sets the session's cookies and redirects to the app. */
export function tokenRedirect(context: OktaContext): Response {
  const { world, state, request, origin } = context;
  const transaction = state.idx.transactions.get(request.query.get("stateToken") ?? "");
  const now = oktaNow(world.clock);
  if (!transaction?.succeeded || transaction.expiresAt <= now) {
    return html(loginPage(origin, request.path));
  }
  const { app, user, amr } = transaction;
  endIdx(context, transaction);
  const token = { user: user!, expiresAt: now, amr: [...amr], steppedUp: app.id };
  const session = startSession(context, token);
  const headers = sessionCookies(context, session);
  const path = app.name === "okta_enduser" ? "UserHome" : `${app.name}/${app.exk}/sso/saml`;
  headers.set("location", `${origin}/app/${path}`);
  return new Response(null, { status: 302, headers });
}
