/** The routes of IAM Identity Center: OIDC service, portal and pages on one origin. */

import type { AwsContext } from "../context.ts";
import { authorize, startPage } from "./authorize.ts";
import { deviceAuthorization, registerClient, token } from "./oidc.ts";
import { accounts, credentials, logout, roles } from "./portal.ts";
import { portalError } from "./sso_error.ts";

type Handler = (context: AwsContext) => Response | Promise<Response>;

const ROUTES: Record<string, Handler> = {
  "POST /client/register": registerClient,
  "POST /device_authorization": deviceAuthorization,
  "POST /token": token,
  "GET /authorize": authorize,
  "GET /start": startPage,
  "GET /assignment/accounts": accounts,
  "GET /assignment/roles": roles,
  "GET /federation/credentials": credentials,
  "POST /logout": logout,
};

export function answerSso(context: AwsContext): Response | Promise<Response> {
  const { world, request } = context;
  const handler = ROUTES[`${request.method} ${request.path}`];
  if (world.sso !== undefined && handler !== undefined) return handler(context);
  return portalError("UnknownOperationException", "", 404);
}
