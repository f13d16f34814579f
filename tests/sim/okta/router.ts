import type { OktaContext } from "./context.ts";
import { answerApp, appLinks, secondFactorPage, stepUpRedirect } from "./apps.ts";
import { answerAuthn } from "./classic/authn.ts";
import { dashboardPage } from "./idx/app_page.ts";
import { answerIdx } from "./idx/idx.ts";
import { duoCallback } from "./classic/duo_factor.ts";
import { oktaError } from "./errors.ts";
import { OAUTH_ROUTES } from "./oauth/oauth.ts";
import { organization, webfinger } from "./organization.ts";
import { errorPage, html, loginPage } from "./pages.ts";
import { throttled } from "./rate_limit.ts";
import { answerSessions, sessionCookieRedirect } from "./sessions.ts";
import { widgetFile, withWidget } from "./widget_page.ts";

type Handler = (context: OktaContext) => Response | Promise<Response>;

const ROUTES: [RegExp, Handler][] = [
  [/^\/\.well-known\/okta-organization$/, organization],
  [/^\/\.well-known\/webfinger$/, webfinger],
  [/^\/api\/v1\/authn\/factors\/[^/]+\/lifecycle\/duoCallback$/, duoCallback],
  [/^\/api\/v1\/authn(\/|$)/, answerAuthn],
  [/^\/idp\/idx\//, answerIdx],
  [/^\/api\/v1\/sessions(\/|$)/, answerSessions],
  [/^\/api\/v1\/users\/me\/appLinks$/, appLinks],
  [/^\/login\/sessionCookieRedirect$/, sessionCookieRedirect],
  [/^\/login\/(step-up|token)\/redirect$/, stepUpRedirect],
  [/^\/login\/step-up\/second-factor$/, secondFactorPage],
  [/^\/login\/login\.htm$/, loginOrHome],
  [/^\/signin\/reset-password\/[^/]+$/, loginOrHome],
  ...OAUTH_ROUTES,
  [/^\/app\/UserHome$/, userHome],
  [/^\/(home|app)\//, answerApp],
  [/^\/$/, loginOrHome],
];

function userHome(context: OktaContext): Response {
  return context.world.org.pipeline === "idx" ? dashboardPage(context) : answerApp(context);
}

function loginOrHome(context: OktaContext): Response {
  const { world, request, origin } = context;
  if (world.org.pipeline === "idx") return dashboardPage(context);
  return html(loginPage(origin, request.query.get("fromURI") ?? "/app/UserHome"));
}

function answerRoute(context: OktaContext): Response | Promise<Response> {
  const { world, request } = context;
  const refusal = throttled(world, request);
  if (refusal) return refusal;
  const route = ROUTES.find(([pattern]) => pattern.test(request.path));
  if (route) return route[1](context);
  return request.path.startsWith("/api/")
    ? oktaError(world, "E0000022")
    : html(errorPage("Page not found", "The page you requested is missing."), 404);
}

/** Okta's answer, without the headers common to all answers. */
export async function answerOkta(context: OktaContext): Promise<Response> {
  return await widgetFile(context) ?? await withWidget(context, await answerRoute(context));
}
