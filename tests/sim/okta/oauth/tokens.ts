/**
 * Tokens of a device sign-in, their exchange for a web SSO token, and the page that it opens.
 */

import { oktaNow } from "../../clock.ts";
import { base64Text, oktaToken } from "../../random_text.ts";
import { assertionPage } from "../apps.ts";
import type { OktaContext } from "../context.ts";
import { oauthError, oktaError } from "../errors.ts";
import { html, notAssignedPage } from "../pages.ts";
import type { SimOidc } from "./oidc_world.ts";

const LIFETIME_SECONDS = 3600;
const WEB_SSO_SECONDS = 300;
const WEB_SSO_TYPE = "urn:okta:oauth:token-type:web_sso_token";

/** Looks like one of Okta's JSON web tokens, without a valid signature. */
export function jsonWebToken(claims: Record<string, unknown>): string {
  const part = (value: unknown) =>
    new TextEncoder().encode(JSON.stringify(value)).toBase64({
      alphabet: "base64url",
      omitPadding: true,
    });
  const signature = base64Text(342).replaceAll("+", "-").replaceAll("/", "_");
  return `${part({ kid: "iQwu8kzDLG1E9LT46Hc4", alg: "RS256" })}.${part(claims)}.${signature}`;
}

export function issueTokens({ world, state, origin }: OktaContext, scope: string[]): Response {
  const user = world.users[0]!;
  const now = oktaNow(world.clock);
  const iat = Math.floor(now / 1000);
  const claims = { ver: 1, iss: origin, iat, exp: iat + LIFETIME_SECONDS, auth_time: iat };
  const accessToken = jsonWebToken({ ...claims, aud: origin, sub: user.login, scp: scope });
  const idToken = jsonWebToken({ ...claims, aud: world.oidc!.clientId, sub: user.id });
  const expiresAt = now + LIFETIME_SECONDS * 1000;
  state.oidc.tokens.set(accessToken, { user, scope, idToken, signedInAt: now, expiresAt });
  return Response.json({
    token_type: "Bearer",
    expires_in: LIFETIME_SECONDS,
    access_token: accessToken,
    scope: scope.join(" "),
    id_token: idToken,
  });
}

const EXCHANGE: Record<string, string> = {
  actor_token_type: "urn:ietf:params:oauth:token-type:access_token",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  requested_token_type: WEB_SSO_TYPE,
};

/** `POST /oauth2/v1/token` with `grant_type=…:token-exchange`. */
export function exchangeToken(context: OktaContext, oidc: SimOidc): Response {
  const { world, state, request: { form } } = context;
  const now = oktaNow(world.clock);
  if (!oidc.grants.includes("token_exchange")) {
    return oauthError(
      "unauthorized_client",
      "The client is not authorized to use the provided grant type.",
    );
  }
  const wrong = Object.keys(EXCHANGE).find((name) => form.get(name) !== EXCHANGE[name]);
  if (wrong !== undefined) return oauthError("invalid_request", `'${wrong}' is invalid.`);
  const tokens = state.oidc.tokens.get(form.get("actor_token") ?? "");
  if (tokens === undefined || tokens.expiresAt <= now) {
    return oauthError("invalid_grant", "The 'actor_token' is invalid or expired.");
  }
  if (form.get("subject_token") !== tokens.idToken) {
    return oauthError("invalid_grant", "The 'subject_token' is invalid.");
  }
  if (!tokens.scope.includes("okta.apps.sso")) {
    return oauthError("invalid_grant", "'actor_token' must have the 'okta.apps.sso' scope.");
  }
  const appId = /^urn:okta:apps:(0oa\w+)$/.exec(form.get("audience") ?? "")?.[1];
  const app = world.apps.find(({ id }) => id === appId);
  if (app === undefined) return oauthError("invalid_target", "The 'audience' is invalid.");
  if (oidc.allowedApps !== undefined && !oidc.allowedApps.includes(app.id)) {
    return oauthError(
      "invalid_grant",
      "The target audience app must be configured to allow the client to request a 'web_sso_token'.",
    );
  }
  const old = oidc.assurance === "fresh" && now - tokens.signedInAt > 60_000;
  if (oidc.assurance === "not_met" || old) {
    return oauthError(
      "invalid_grant",
      "The target audience app's assurance requirements are not met by the 'subject_token'.",
    );
  }
  const token = oktaToken("");
  const expiresAt = now + WEB_SSO_SECONDS * 1000;
  state.oidc.webSso.set(token, { user: tokens.user, appId: app.id, expiresAt, used: false });
  return Response.json({
    token_type: "N_A",
    access_token: token,
    expires_in: WEB_SSO_SECONDS,
    issued_token_type: WEB_SSO_TYPE,
  });
}

/** `POST` (or `GET`) `/login/token/sso`: the app's page; works once. */
export function webSsoPage(context: OktaContext): Response {
  const { world, state, request } = context;
  const isPost = request.method === "POST";
  if (isPost && !world.oidc?.postSso) return oktaError(world, "E0000022");
  const given = (isPost ? request.form : request.query).get("token") ?? "";
  const token = state.oidc.webSso.get(given);
  if (token === undefined || token.expiresAt <= oktaNow(world.clock)) {
    return oauthError("web_sso_token_invalid", "The web SSO token is invalid.", 401);
  }
  if (token.used) return oauthError("web_sso_token_replayed", "The token was used before.");
  token.used = true;
  const app = world.apps.find(({ id }) => id === token.appId)!;
  if (!app.assigned.includes(token.user.login)) return html(notAssignedPage(), 403);
  return assertionPage(context, app, token.user);
}
