/**
 * The OIDC device grant of Identity Engine: a code for the browser, tokens for us, one of which Okta
 * exchanges for a token that opens an app's SAML page.
 *
 * Sources: https://developer.okta.com/docs/guides/device-authorization-grant/main/,
 * https://github.com/okta/okta-aws-cli
 *
 * @module
 */

import * as v from "valibot";
import { NetworkError } from "../../errors.ts";
import type { DeviceCodeLife, PollAnswer } from "../../oauth/device_polling.ts";
import { parseOAuthError } from "../../oauth/oauth_error.ts";
import type { HttpResponse } from "../../ports.ts";
import { lenient, number, object } from "../../schemas.ts";
import { Secret } from "../../secret.ts";
import type { OktaClient } from "../client/client.ts";
import { deviceGrantError } from "./device_grant_errors.ts";

/**
 * `okta.apps.sso` opens the app, the others list the person's apps. Okta leaves out what the OIDC
 * app has
 * not been granted.
 */
export const DEVICE_SCOPES = "openid okta.apps.sso okta.apps.read okta.users.read.self";

/** For an org that does not know the others. */
export const LEAST_SCOPES = "openid okta.apps.sso";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token";
const WEB_SSO_TOKEN = "urn:okta:oauth:token-type:web_sso_token";

/** A code that a person is to approve. */
export interface DeviceAuthorization extends DeviceCodeLife {
  /** What we poll with. */
  deviceCode: Secret;
  /** Shown on the page and here; untrusted. */
  userCode: string;
  /** The page; untrusted. */
  verificationUri: string;
  /** The page with the code filled in, if the org gives one; untrusted. */
  verificationUriComplete: string | undefined;
}

export interface DeviceTokens {
  /** Bearer token for the org's API. */
  accessToken: Secret;
  /** Who has signed in, and how. */
  idToken: Secret;
  /** How long both live, from now. */
  expiresInSeconds: number;
}

const authorizationSchema = object({
  device_code: v.string(),
  user_code: v.string(),
  verification_uri: v.string(),
  verification_uri_complete: v.optional(v.string()),
  expires_in: v.fallback(number, 600),
  interval: lenient(number),
});

const tokensSchema = object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  id_token: v.pipe(v.string(), v.nonEmpty()),
  expires_in: v.fallback(number, 3600),
});

const exchangeSchema = object({ access_token: v.pipe(v.string(), v.nonEmpty()) });

/**
 * Asks for a code (`POST /oauth2/v1/device/authorize`).
 *
 * @param scope Separated by blanks.
 */
export function deviceAuthorizationRequest(
  client: OktaClient,
  clientId: string,
  scope: string = DEVICE_SCOPES,
): Promise<HttpResponse> {
  return client.postForm("/oauth2/v1/device/authorize", { client_id: clientId, scope }, JSON_ONLY);
}

const JSON_ONLY = { accept: "application/json" };

/**
 * @throws {SignInError} Okta's refusal, explained.
 * @throws {NetworkError} `bad_answer`
 */
export function processDeviceAuthorization(response: HttpResponse): DeviceAuthorization {
  const body = readAnswer(response, authorizationSchema);
  return {
    deviceCode: new Secret(body.device_code),
    userCode: body.user_code,
    verificationUri: body.verification_uri,
    verificationUriComplete: body.verification_uri_complete,
    expiresInSeconds: body.expires_in,
    intervalSeconds: body.interval,
  };
}

/** Asks whether a code has been approved (`POST /oauth2/v1/token`). */
export function deviceTokenRequest(
  client: OktaClient,
  clientId: string,
  deviceCode: Secret,
): Promise<HttpResponse> {
  const form = { client_id: clientId, device_code: deviceCode, grant_type: DEVICE_CODE };
  return client.postForm("/oauth2/v1/token", form, JSON_ONLY);
}

/**
 * The tokens, or why there are none yet.
 *
 * @throws {SignInError} `access_denied` and every other refusal.
 * @throws {NetworkError} `bad_answer`
 */
export function processDeviceToken(response: HttpResponse): PollAnswer<DeviceTokens> {
  switch (parseOAuthError(response.body)?.error) {
    case "authorization_pending":
      return { kind: "pending" };
    case "slow_down":
      return { kind: "slow_down" };
    case "expired_token":
      return { kind: "expired" };
  }
  const body = readAnswer(response, tokensSchema);
  const value: DeviceTokens = {
    accessToken: new Secret(body.access_token),
    idToken: new Secret(body.id_token),
    expiresInSeconds: body.expires_in,
  };
  return { kind: "granted", value };
}

/** What is exchanged, and for which app. */
export interface TokenExchange extends Pick<DeviceTokens, "accessToken" | "idToken"> {
  /** The AWS app's id: `0oa…`. */
  appInstanceId: string;
}

/** Asks for a token that opens one app's page (`POST /oauth2/v1/token`, RFC 8693). */
export function exchangeRequest(
  client: OktaClient,
  clientId: string,
  { accessToken, idToken, appInstanceId }: TokenExchange,
): Promise<HttpResponse> {
  return client.postForm("/oauth2/v1/token", {
    client_id: clientId,
    actor_token: accessToken,
    actor_token_type: ACCESS_TOKEN,
    audience: `urn:okta:apps:${appInstanceId}`,
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: WEB_SSO_TOKEN,
    subject_token: idToken,
    subject_token_type: ID_TOKEN,
  }, JSON_ONLY);
}

/**
 * The web SSO token: good for one page, for five minutes.
 *
 * @throws {SignInError} Okta's refusal, explained.
 * @throws {NetworkError} `bad_answer`
 */
export function processExchange(response: HttpResponse): Secret {
  return new Secret(readAnswer(response, exchangeSchema).access_token);
}

function readAnswer<S extends v.GenericSchema>(
  response: HttpResponse,
  schema: S,
): v.InferOutput<S> {
  if (response.status !== 200) throw deviceGrantError(response);
  try {
    return v.parse(schema, JSON.parse(response.body));
  } catch {
    // Neither the body nor the parser's message is kept: both may hold a token.
    throw new NetworkError("could not read Okta's answer to the device sign-in", {
      code: "bad_answer",
      hint: "try again; if it happens again, tell your Okta administrator",
    });
  }
}

/**
 * The id by which Okta knows an app: `0oa…`, or `undefined` if the link has none
 * (`/app/…/exk…/sso/saml`).
 *
 * @param link The embed link: `https://acme.okta.com/home/amazon_aws/0oa…/272`.
 */
export function appInstanceId(link: string): string | undefined {
  return /^\/home\/[^/]+\/(0oa[A-Za-z0-9]{1,64})(?:\/|$)/.exec(new URL(link).pathname)?.[1];
}
