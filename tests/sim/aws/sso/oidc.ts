import { awsId, base64Text } from "../../random_text.ts";
import type { AwsContext } from "../context.ts";
import { oidcError } from "./sso_error.ts";
import type { SimSso, SimSsoClient } from "./sso_world.ts";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** `POST /client/register`. */
export function registerClient(context: AwsContext): Response {
  const { world, state, request: { json } } = context;
  if (json?.clientType !== "public" || !text(json.clientName)) {
    return oidcError(context, "InvalidRequestException", "Invalid client");
  }
  const clientId = base64Text(24).replace(/[+/]/g, "_");
  const secret = `eyJ${base64Text(300)}`;
  const now = Math.floor(world.clock.now() / 1000);
  const expiresAt = now + world.sso!.registrationSeconds;
  state.sso.clients.set(clientId, {
    secret,
    expiresAt: expiresAt * 1000,
    grants: (json.grantTypes ?? [DEVICE_CODE, "refresh_token"]) as string[],
    redirectUris: (json.redirectUris ?? []) as string[],
  });
  return Response.json({
    clientId,
    clientSecret: secret,
    clientIdIssuedAt: now,
    clientSecretExpiresAt: expiresAt,
  });
}

function clientOf({ world, state, request: { json } }: AwsContext): SimSsoClient | undefined {
  const client = state.sso.clients.get(text(json?.clientId));
  const isRight = client?.secret === json?.clientSecret &&
    (client?.expiresAt ?? 0) > world.clock.now();
  return isRight ? client : undefined;
}

/** `POST /device_authorization`. */
export function deviceAuthorization(context: AwsContext): Response {
  const { world, state, request: { json, url } } = context;
  const sso = world.sso!;
  if (clientOf(context) === undefined) return oidcError(context, "InvalidClientException");
  if (text(json?.startUrl) !== `${url.origin}/start`) {
    return oidcError(context, "InvalidRequestException", "Invalid start url provided");
  }
  const code = base64Text(60);
  const userCode = `${awsId("").slice(0, 4)}-${awsId("").slice(4, 8)}`;
  const now = world.clock.now();
  state.sso.codes.set(code, {
    userCode,
    clientId: text(json?.clientId),
    expiresAt: now + sso.expiresIn * 1000,
    lastPoll: now,
    interval: sso.interval ?? 5,
    polls: 0,
    verdict: undefined,
  });
  return Response.json({
    deviceCode: code,
    userCode,
    verificationUri: `${url.origin}/start/#/device`,
    verificationUriComplete: `${url.origin}/start/#/device?user_code=${userCode}`,
    expiresIn: sso.expiresIn,
    ...(sso.interval === undefined ? {} : { interval: sso.interval }),
  });
}

function issueTokens({ world, state }: AwsContext, sso: SimSso): Response {
  const accessToken = `aoa${base64Text(600)}`;
  const expiresAt = world.clock.now() + sso.tokenSeconds * 1000;
  state.sso.tokens.set(accessToken, { expiresAt, revoked: false });
  const refreshToken = `aor${base64Text(600)}`;
  if (sso.refreshTokens) state.sso.refreshTokens.set(refreshToken, accessToken);
  return Response.json({
    accessToken,
    tokenType: "Bearer",
    expiresIn: sso.tokenSeconds,
    ...(sso.refreshTokens ? { refreshToken } : {}),
  });
}

function pollDevice(context: AwsContext, sso: SimSso): Response {
  const { world, state, request: { json } } = context;
  const code = state.sso.codes.get(text(json?.deviceCode));
  if (code === undefined || code.clientId !== json?.clientId) {
    return oidcError(context, "InvalidGrantException", "Invalid device code");
  }
  const now = world.clock.now();
  if (now >= code.expiresAt) return oidcError(context, "ExpiredTokenException", "Expired");
  const tooSoon = now - code.lastPoll < code.interval * 1000 - 200;
  code.lastPoll = now;
  if (tooSoon || sso.slowDowns > 0) {
    sso.slowDowns = Math.max(0, sso.slowDowns - 1);
    code.interval += 5;
    return oidcError(context, "SlowDownException");
  }
  code.polls += 1;
  const { does, atPoll } = sso.person;
  if (does !== "wait" && code.polls >= atPoll) {
    code.verdict ??= does === "approve" ? "approved" : "denied";
  }
  if (code.verdict === undefined) return oidcError(context, "AuthorizationPendingException");
  state.sso.codes.delete(text(json?.deviceCode));
  return code.verdict === "approved"
    ? issueTokens(context, sso)
    : oidcError(context, "AccessDeniedException", "The user denied the request");
}

function refresh(context: AwsContext, sso: SimSso): Response {
  const { state, request: { json } } = context;
  const given = text(json?.refreshToken);
  const old = state.sso.refreshTokens.get(given);
  if (old === undefined) {
    return oidcError(context, "InvalidGrantException", "Invalid refresh token");
  }
  state.sso.refreshTokens.delete(given);
  return issueTokens(context, sso);
}

async function exchangeCode(context: AwsContext, sso: SimSso): Promise<Response> {
  const { state, request: { json } } = context;
  const code = state.sso.authorizationCodes.get(text(json?.code));
  state.sso.authorizationCodes.delete(text(json?.code));
  const verifier = new TextEncoder().encode(text(json?.codeVerifier));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", verifier));
  const challenge = digest.toBase64({ alphabet: "base64url", omitPadding: true });
  const isRight = code?.clientId === json?.clientId && code?.redirectUri === json?.redirectUri &&
    code?.challenge === challenge;
  return isRight
    ? issueTokens(context, sso)
    : oidcError(context, "InvalidGrantException", "Invalid authorization code");
}

/** `POST /token`. */
export async function token(context: AwsContext): Promise<Response> {
  const { world: { sso }, request: { json } } = context;
  const client = clientOf(context);
  if (client === undefined) return oidcError(context, "InvalidClientException");
  const grant = text(json?.grantType);
  if (!client.grants.includes(grant)) return oidcError(context, "UnauthorizedClientException");
  if (grant === DEVICE_CODE) return pollDevice(context, sso!);
  if (grant === "refresh_token") return refresh(context, sso!);
  if (grant === "authorization_code") return await exchangeCode(context, sso!);
  return oidcError(context, "UnsupportedGrantTypeException");
}
