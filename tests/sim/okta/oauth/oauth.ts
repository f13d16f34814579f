import type { OktaContext } from "../context.ts";
import { activate, authorizeDevice, pollDevice } from "./device.ts";
import { oauthError } from "../errors.ts";
import { exchangeToken, webSsoPage } from "./tokens.ts";

function token(context: OktaContext): Response {
  const { world: { oidc }, request } = context;
  if (request.form.get("client_id") !== oidc?.clientId) {
    return oauthError("invalid_client", "Invalid value for 'client_id' parameter.", 401);
  }
  switch (request.form.get("grant_type")) {
    case "urn:ietf:params:oauth:grant-type:device_code":
      return pollDevice(context, oidc!);
    case "urn:ietf:params:oauth:grant-type:token-exchange":
      return exchangeToken(context, oidc!);
    default:
      return oauthError("unsupported_grant_type", "The grant type is not supported.");
  }
}

export const OAUTH_ROUTES: [RegExp, (context: OktaContext) => Response][] = [
  [/^\/oauth2\/v1\/device\/authorize$/, authorizeDevice],
  [/^\/oauth2\/v1\/token$/, token],
  [/^\/activate$/, activate],
  [/^\/login\/token\/sso$/, webSsoPage],
];
