/**
 * The server's routes. Credentials need the token, the page and its links the cookie; neither works
 * for the other.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { Secret } from "../secret.ts";
import { containerCredentials, errorAnswer, processCredentials } from "./answers.ts";
import type { Obtain } from "./credential_service.ts";
import type { ObtainedProfile } from "../profiles/resolve_profile.ts";
import { type Entrance, isOwnHost, isOwnOrigin, SECURITY_HEADERS } from "./request_rules.ts";
import { isEqual } from "./secret_text.ts";

/** What every handler gets. */
export interface Bindings {
  entrance: Entrance;
  port: number;
}

export type ServerContext = Context<{ Bindings: Bindings }>;

export type ServerApp = Hono<{ Bindings: Bindings }>;

/** Whether a request has the token. */
export type HasToken = (context: ServerContext) => Promise<boolean>;

export function tokenCheck(token: Secret): HasToken {
  return async ({ req }) => {
    const given = req.header("authorization");
    return given !== undefined && await isEqual(given, token.reveal());
  };
}

/** With the routes of credentials; `serve` adds the page's. */
export function serverApp(hasToken: HasToken, obtain: Obtain): ServerApp {
  const app: ServerApp = new Hono();
  app.use(async (context, next) => {
    const { entrance, port } = context.env;
    if (isOwnHost(context.req.raw, entrance, port)) await next();
    else context.res = context.json({ code: "wrong_host", message: "wrong Host header" }, 421);
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!context.res.headers.has(name)) context.header(name, value);
    }
  });
  app.notFound((context) => context.json({ code: "not_found", message: "no such path" }, 404));
  app.onError((error, context) => {
    const { status, body } = errorAnswer(error);
    return context.json(body, status);
  });
  const route = (path: string, format: (obtained: ObtainedProfile) => string) =>
    app.get(`${path}/*`, async (context) => {
      const refused = await refuseCredentials(context, hasToken);
      if (refused !== undefined) return refused;
      const profile = profileOf(context.req.raw, path);
      if (profile === "") return context.notFound();
      const body = format(await obtain(profile));
      return context.body(body, 200, { "Content-Type": "application/json" });
    });
  route("/credentials", containerCredentials);
  route("/process", processCredentials);
  return app;
}

async function refuseCredentials(
  context: ServerContext,
  hasToken: HasToken,
): Promise<Response | undefined> {
  if (!await hasToken(context)) {
    const message = "missing or wrong token: send Authorization: TOKEN";
    return context.json({ code: "unauthorized", message }, 401);
  }
  // No program sends these; a page that got hold of the token would.
  if (isOwnOrigin(context.req.raw, context.env.port)) return undefined;
  return context.json({ code: "cross_site", message: "not for web pages" }, 403);
}

/** What follows the path: slashes of a role's ARN may be encoded or not. */
function profileOf(request: Request, path: string): string {
  const { pathname } = new URL(request.url);
  const start = pathname.indexOf(`${path}/`) + path.length;
  const encoded = pathname.slice(start).replace(/^\/+/, "");
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
