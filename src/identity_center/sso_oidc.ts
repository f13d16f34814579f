/**
 * The OIDC service of IAM Identity Center: registration, sign-in, tokens and their renewal. JSON in
 * camel case, unsigned.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 * @module
 */

import * as v from "valibot";
import type { DeviceCodeLife, PollAnswer } from "../oauth/device_polling.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { lenient, number, object } from "../schemas.ts";
import { Secret } from "../secret.ts";
import { readSsoAnswer, ssoOidcError, ssoPost, ssoRefusal } from "./sso_response.ts";

/** A code for the person to approve. */
export interface SsoDeviceCode extends DeviceCodeLife {
  /** What we poll with. */
  deviceCode: Secret;
  /** What the person sees on the page and here, untrusted. */
  userCode: string;
  /** The page, untrusted. */
  verificationUri: string;
  /** The page with the code filled in, untrusted. */
  verificationUriComplete: string | undefined;
}

/** What a sign-in gives. */
export interface SsoTokens {
  accessToken: Secret;
  /** How long it lives, seconds from now. */
  expiresInSeconds: number;
  /** For the next access token. */
  refreshToken: Secret | undefined;
}

/** Asks for a device code (`POST /device_authorization`). */
export function deviceCodeRequest(
  oidc: string,
  { clientId, clientSecret }: SsoClient,
  startUrl: string,
): HttpRequest {
  const body = { clientId, clientSecret: clientSecret.reveal(), startUrl };
  return ssoPost(oidc, "/device_authorization", body);
}

const deviceSchema = object({
  deviceCode: v.string(),
  userCode: v.string(),
  verificationUri: v.string(),
  verificationUriComplete: v.optional(v.string()),
  expiresIn: v.fallback(number, 600),
  interval: lenient(number),
});

/**
 * Reads the answer to {@linkcode deviceCodeRequest}.
 *
 * @throws {SignInError} AWS's refusal: `InvalidRequestException` for a start URL of another region.
 */
export function processDeviceCode(response: HttpResponse): SsoDeviceCode {
  const body = readSsoAnswer(
    response,
    deviceSchema,
    (refused) => ssoOidcError(refused, "begin the sign-in"),
  );
  return {
    deviceCode: new Secret(body.deviceCode),
    userCode: body.userCode,
    verificationUri: body.verificationUri,
    verificationUriComplete: body.verificationUriComplete,
    expiresInSeconds: body.expiresIn,
    intervalSeconds: body.interval,
  };
}

/** What a token is asked for with. */
export type SsoGrant =
  | { grantType: "urn:ietf:params:oauth:grant-type:device_code"; deviceCode: Secret }
  | { grantType: "refresh_token"; refreshToken: Secret }
  | { grantType: "authorization_code"; code: Secret; codeVerifier: Secret; redirectUri: string };

/** Asks for tokens (`POST /token`). */
export function tokenRequest(
  oidc: string,
  { clientId, clientSecret }: Pick<SsoClient, "clientId" | "clientSecret">,
  grant: SsoGrant,
): HttpRequest {
  const fields = Object.entries(grant).map((
    [name, value],
  ) => [name, value instanceof Secret ? value.reveal() : value]);
  const body = { clientId, clientSecret: clientSecret.reveal(), ...Object.fromEntries(fields) };
  return ssoPost(oidc, "/token", body);
}

/** The year 2286: times above fit into no date that the AWS CLI reads. */
const MOST_SECONDS = 1e10;

const tokensSchema = object({
  accessToken: v.pipe(v.string(), v.nonEmpty()),
  expiresIn: v.pipe(number, v.minValue(0), v.maxValue(MOST_SECONDS)),
  refreshToken: lenient(v.pipe(v.string(), v.nonEmpty())),
});

/**
 * Reads the answer to {@linkcode tokenRequest}.
 *
 * @throws {SignInError} AWS's refusal.
 */
export function processTokens(response: HttpResponse): SsoTokens {
  const body = readSsoAnswer(
    response,
    tokensSchema,
    (refused) => ssoOidcError(refused, "sign you in"),
  );
  return {
    accessToken: new Secret(body.accessToken),
    expiresInSeconds: body.expiresIn,
    refreshToken: body.refreshToken === undefined ? undefined : new Secret(body.refreshToken),
  };
}

/**
 * Reads the answer to a {@linkcode tokenRequest} with a device code.
 *
 * @throws {SignInError} `AccessDeniedException` and every other refusal.
 */
export function processDevicePoll(response: HttpResponse): PollAnswer<SsoTokens> {
  if (response.status === 200) return { kind: "granted", value: processTokens(response) };
  switch (ssoRefusal(response).type) {
    case "AuthorizationPendingException":
      return { kind: "pending" };
    case "SlowDownException":
      return { kind: "slow_down" };
    case "ExpiredTokenException":
      return { kind: "expired" };
    default:
      throw ssoOidcError(response, "sign you in");
  }
}

/** The page of the portal on which the person signs in, for the authorization code with PKCE. */
export function authorizeUrl(
  oidc: string,
  { clientId, redirectUri, scopes, state, codeChallenge }: {
    clientId: string;
    redirectUri: string;
    scopes: readonly string[];
    state: string;
    codeChallenge: string;
  },
): string {
  const url = new URL(`${oidc}/authorize`);
  url.search = new URLSearchParams({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge_method: "S256",
    scopes: scopes.join(" "),
    code_challenge: codeChallenge,
  }).toString();
  return url.href;
}

/** All grants at once, so that one registration serves every way to sign in. */
export const GRANT_TYPES = [
  "authorization_code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "refresh_token",
] as const;

/** Whether a client may use a grant. */
export function isRegisteredFor(
  { grantTypes }: SsoClient,
  grantType: typeof GRANT_TYPES[number],
): boolean {
  return grantTypes?.includes(grantType) ?? grantType !== "authorization_code";
}

/** What a client registers as its redirect; the port may be any (RFC 8252, section 7.3). */
export const REDIRECT_PATH = "/oauth/callback";

/** A registered client. */
export interface SsoClient {
  clientId: string;
  /** Not very secret, since anybody can register. */
  clientSecret: Secret;
  /** When the registration ends, milliseconds since the Unix epoch. */
  expiresAt: number;
  /** What it was registered for; unknown in older files of the AWS CLI. */
  grantTypes?: readonly string[] | undefined;
}

/** Registers a client (`POST /client/register`). */
export function registerClientRequest(
  oidc: string,
  startUrl: string,
  scopes: readonly string[],
): HttpRequest {
  return ssoPost(oidc, "/client/register", {
    clientName: "okta-aws",
    clientType: "public",
    scopes,
    grantTypes: GRANT_TYPES,
    redirectUris: [`http://127.0.0.1${REDIRECT_PATH}`],
    issuerUrl: startUrl,
  });
}

const registrationSchema = object({
  clientId: v.string(),
  clientSecret: v.string(),
  clientSecretExpiresAt: v.pipe(number, v.minValue(0), v.maxValue(MOST_SECONDS)),
});

/**
 * Reads the answer to {@linkcode registerClientRequest}.
 *
 * @throws {SignInError} AWS's refusal.
 * @throws {NetworkError} If the service fails, or it was not the service that answered.
 */
export function processRegistration(response: HttpResponse): SsoClient {
  const body = readSsoAnswer(
    response,
    registrationSchema,
    (refused) => ssoOidcError(refused, "register this program"),
  );
  return {
    clientId: body.clientId,
    clientSecret: new Secret(body.clientSecret),
    expiresAt: body.clientSecretExpiresAt * 1000,
    grantTypes: GRANT_TYPES,
  };
}
