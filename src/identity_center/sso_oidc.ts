/**
 * The OIDC service of IAM Identity Center: a person signs in, tokens are had and renewed. JSON in
 * camel case, unsigned.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
 * @module
 */

import * as z from "zod/mini";
import type { DeviceCodeLife, PollAnswer } from "../oauth/device_polling.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { Secret } from "../secret.ts";
import { readSsoAnswer, ssoOidcError, ssoPost, ssoRefusal } from "./sso_response.ts";

/** A code that a person is to approve. */
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
  /** For the portal. */
  accessToken: Secret;
  /** How long it lives, seconds from now. */
  expiresInSeconds: number;
  /** For the next access token, where the service gives one. */
  refreshToken: Secret | undefined;
}

/**
 * Asks for a device code (`POST /device_authorization`).
 *
 * @param oidc Where the service is.
 * @param client The registered client.
 * @param startUrl The portal.
 * @returns The request.
 */
export function deviceCodeRequest(
  oidc: string,
  { clientId, clientSecret }: SsoClient,
  startUrl: string,
): HttpRequest {
  const body = { clientId, clientSecret: clientSecret.reveal(), startUrl };
  return ssoPost(oidc, "/device_authorization", body);
}

const deviceSchema = z.object({
  deviceCode: z.string(),
  userCode: z.string(),
  verificationUri: z.string(),
  verificationUriComplete: z.optional(z.string()),
  expiresIn: z.catch(z.number(), 600),
  interval: z.catch(z.optional(z.number()), undefined),
});

/**
 * Reads the answer to {@linkcode deviceCodeRequest}.
 *
 * @param response The answer.
 * @returns The code.
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

/**
 * Asks for tokens (`POST /token`).
 *
 * @param oidc Where the service is.
 * @param client The registered client.
 * @param grant What entitles us.
 * @returns The request.
 */
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

const tokensSchema = z.object({
  accessToken: z.string().check(z.minLength(1)),
  expiresIn: z.number(),
  refreshToken: z.catch(z.optional(z.string().check(z.minLength(1))), undefined),
});

/**
 * Reads the answer to {@linkcode tokenRequest}.
 *
 * @param response The answer.
 * @returns The tokens.
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
 * @param response The answer.
 * @returns The tokens, or why there are none yet.
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

/**
 * The page of the portal on which the person signs in, for the authorization code with PKCE.
 *
 * @param oidc Where the service is.
 * @param options The client, our redirect, what is asked for, and what ties the answer to us.
 * @returns The URL.
 */
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

/** The grants that a client registers for, so that one registration does for every way in. */
export const GRANT_TYPES = [
  "authorization_code",
  "urn:ietf:params:oauth:grant-type:device_code",
  "refresh_token",
] as const;

/**
 * Whether a client may use a grant.
 *
 * @param client The client.
 * @param grantType One of {@linkcode GRANT_TYPES}.
 * @returns Whether it may; one that doesn't say is taken for one that knows no redirect.
 */
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
  /** Its id. */
  clientId: string;
  /** Its secret; not much of one, since anybody can register. */
  clientSecret: Secret;
  /** When the registration ends, milliseconds since the Unix epoch. */
  expiresAt: number;
  /** What it was registered for, where that is known: the AWS CLI's older files don't say. */
  grantTypes?: readonly string[] | undefined;
}

/**
 * Registers a client (`POST /client/register`).
 *
 * @param oidc Where the service is.
 * @param startUrl The portal.
 * @param scopes What is to be asked for.
 * @returns The request.
 */
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

const registrationSchema = z.object({
  clientId: z.string(),
  clientSecret: z.string(),
  clientSecretExpiresAt: z.number(),
});

/**
 * Reads the answer to {@linkcode registerClientRequest}.
 *
 * @param response The answer.
 * @returns The client.
 * @throws {SignInError} AWS's refusal.
 * @throws {NetworkError} Where the service fails, or it is not that service.
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
