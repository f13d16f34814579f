/** The dashboard's apps, their pages, and step-up. */

import { oktaNow } from "../clock.ts";
import { oktaId } from "../random_text.ts";
import { samlPage } from "../saml/page.ts";
import { samlResponse } from "../saml/response.ts";
import type { Session } from "../state.ts";
import type { SimApp, SimUser, StepUpStyle } from "../world.ts";
import { advance, markSteppedUp, startTransaction } from "./classic/transaction.ts";
import { bearerOf, type OktaContext, sessionOf } from "./context.ts";
import { oktaError } from "./errors.ts";
import { opensApp, signInPage, tokenRedirect } from "./idx/app_page.ts";
import { errorPage, html, loginPage, notAssignedPage, stepUpPage } from "./pages.ts";
import { redeem, sessionCookies, startSession } from "./sessions.ts";

export function embedLink(origin: string, app: SimApp): string {
  return `${origin}/home/${app.name}/${app.id}/${app.linkNumber}`;
}

/** `GET /api/v1/users/me/appLinks`. */
export function appLinks(context: OktaContext): Response {
  const { world, request, origin } = context;
  if (request.method !== "GET") return oktaError(world, "E0000022");
  const bearer = bearerOf(context);
  if (bearer && !bearer.scope.includes("okta.users.read.self")) return oktaError(world, "E0000006");
  const user = bearer?.user ?? sessionOf(context)?.user;
  if (!user) return oktaError(world, "E0000005");
  const apps = world.apps.filter(({ assigned }) => assigned.includes(user.login));
  return Response.json(apps.map((app, index) => ({
    id: user.id,
    label: app.label,
    linkUrl: embedLink(origin, app),
    logoUrl: `${origin}/img/logos/${app.name}.png`,
    appName: app.name,
    appInstanceId: app.id,
    appAssignmentId: oktaId("0ua"),
    credentialsSetup: false,
    hidden: false,
    sortOrder: index,
  })));
}

export function findApp(context: OktaContext): SimApp | undefined {
  const parts = context.request.path.split("/").map(decodeURIComponent);
  return context.world.apps.find((app) =>
    parts[1] === "home" && parts[2] === app.name && parts[3] === app.id ||
    parts[1] === "app" && parts.at(-3) === app.exk && parts.at(-2) === "sso" &&
      parts.at(-1) === "saml"
  );
}

function withoutSession(context: OktaContext, app: SimApp): Response {
  const { request, origin } = context;
  const from = request.path + request.url.search;
  if (app.withoutSession === "redirect") {
    const location = `${origin}/login/login.htm?fromURI=${encodeURIComponent(from)}`;
    return new Response(null, { status: 302, headers: { location } });
  }
  if (app.withoutSession === "page") return html(loginPage(origin, from));
  const { stateToken } = startTransaction(context, { app });
  return html(stepUpPage(stateToken, "script"));
}

function stepUp(context: OktaContext, app: SimApp, session: Session): Response {
  const transaction = startTransaction(context, { app, user: session.user, sid: session.id });
  advance(transaction);
  const { stateToken } = transaction;
  const style = app.stepUp as StepUpStyle;
  if (style !== "redirect") return html(stepUpPage(stateToken, style));
  const location = `${context.origin}/login/step-up/second-factor?stateToken=${stateToken}`;
  return new Response(null, { status: 302, headers: { location } });
}

/** The page with an assertion, which AWS accepts from now on. */
export function assertionPage(context: OktaContext, app: SimApp, user: SimUser): Response {
  const { world, state, request } = context;
  const xml = samlResponse(app, user, oktaNow(world.clock));
  const samlText = new TextEncoder().encode(xml).toBase64();
  state.assertions.set(samlText, {
    issuedAt: world.clock.now(),
    user,
    app: structuredClone(app),
    xml,
  });
  const relayState = request.query.get("RelayState") ?? app.relayState;
  return html(samlPage({ action: app.action, samlResponse: samlText, relayState }, app.page));
}

function embedRedirect({ origin, request }: OktaContext, app: SimApp): Response | undefined {
  if (!app.embedRedirects || !request.path.startsWith("/home/")) return undefined;
  const location = `${origin}/app/${app.name}/${app.exk}/sso/saml?fromHome=true`;
  return new Response(null, { status: 302, headers: { location } });
}

/** `GET` of an app's embed link or sign-on URL. */
export function answerApp(context: OktaContext): Response {
  const { request } = context;
  const app = findApp(context);
  if (!app) return html(errorPage("Page not found", "The page you requested is missing."), 404);
  const tokenText = request.query.get("sessionToken") ?? request.query.get("onetimetoken");
  const existing = sessionOf(context);
  const token = existing || tokenText === null ? undefined : redeem(context, tokenText);
  const session = existing ?? (token && startSession(context, token));
  const isIdx = context.world.org.pipeline === "idx";
  if (!session) return isIdx ? idxApp(context, app) : withoutSession(context, app);
  const response = (isIdx ? idxApp : appForSession)(context, app, session);
  if (token) {
    for (const cookie of sessionCookies(context, session).getSetCookie()) {
      response.headers.append("set-cookie", cookie);
    }
  }
  return response;
}

/** On Identity Engine the app's own policy decides. */
function idxApp(context: OktaContext, app: SimApp, session?: Session): Response {
  const { world, request } = context;
  const redirect = embedRedirect(context, app);
  if (redirect) return redirect;
  const counts = world.idx.takesSid || request.cookies.has("idx") || !request.cookies.has("sid");
  if (!session || !counts) return signInPage(context, app, undefined);
  if (!app.assigned.includes(session.user.login)) return html(notAssignedPage(), 403);
  return opensApp(app, session)
    ? assertionPage(context, app, session.user)
    : signInPage(context, app, session);
}

function appForSession(context: OktaContext, app: SimApp, session: Session): Response {
  if (!app.assigned.includes(session.user.login)) return html(notAssignedPage(), 403);
  if (app.stepUp !== "none" && !session.steppedUp.has(app.id)) return stepUp(context, app, session);
  return embedRedirect(context, app) ?? assertionPage(context, app, session.user);
}

/** `GET /login/step-up/redirect` and `/login/token/redirect`: works once; sets the session's cookies. */
export function stepUpRedirect(context: OktaContext): Response {
  const { world, state, request, origin } = context;
  const stateToken = request.query.get("stateToken") ?? "";
  if (state.idx.transactions.has(stateToken)) return tokenRedirect(context);
  const transaction = state.transactions.get(stateToken);
  const now = oktaNow(world.clock);
  const live = transaction?.app && transaction.status === "SUCCESS" && transaction.expiresAt > now;
  if (!live) return html(loginPage(origin, request.path));
  const existing = sessionOf(context);
  if (transaction.sid !== undefined && existing?.id !== transaction.sid) {
    return html(loginPage(origin, request.path));
  }
  state.transactions.delete(stateToken);
  const session = existing ?? startSession(context, {
    user: transaction.user!,
    expiresAt: now,
    amr: [...transaction.amr],
  });
  markSteppedUp(session, transaction, now);
  const headers = existing ? new Headers() : sessionCookies(context, session);
  headers.set("location", embedLink(origin, transaction.app!));
  return new Response(null, { status: 302, headers });
}

/** `GET /login/step-up/second-factor?stateToken=`: the target of step-up style `redirect`. */
export function secondFactorPage(context: OktaContext): Response {
  return html(stepUpPage(context.request.query.get("stateToken") ?? "", "script"));
}
