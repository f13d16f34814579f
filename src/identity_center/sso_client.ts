/**
 * The registration of this program at the OIDC service of IAM Identity Center.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html
 * @module
 */

import * as z from "zod/mini";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { Secret } from "../secret.ts";
import { readSsoAnswer, ssoPost } from "./sso_answer.ts";
import { ssoOidcError } from "./sso_errors.ts";

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
