/**
 * Answers of the services of IAM Identity Center, their refusals, and what a person can do about
 * these.
 *
 * @see
 * https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_CreateToken.html#API_CreateToken_Errors
 * @module
 */

import * as v from "valibot";
import { AwsError, NetworkError, type OktaAwsError, SignInError } from "../errors.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { showUntrusted } from "../untrusted_text.ts";

/** A refusal in the service's own words. */
export interface SsoRefusal {
  /** `AuthorizationPendingException`, `UnauthorizedException`, …; empty if there is none. */
  type: string;
  /** Its own words, untrusted. */
  message: string;
}

/**
 * OAuth's error codes (RFC 6749, 8628), for answers without the header that names the exception.
 */
const TYPES: Readonly<Record<string, string>> = {
  authorization_pending: "AuthorizationPendingException",
  slow_down: "SlowDownException",
  expired_token: "ExpiredTokenException",
  access_denied: "AccessDeniedException",
  invalid_grant: "InvalidGrantException",
  invalid_request: "InvalidRequestException",
  invalid_client: "InvalidClientException",
  invalid_scope: "InvalidScopeException",
  unauthorized_client: "UnauthorizedClientException",
  unsupported_grant_type: "UnsupportedGrantTypeException",
  server_error: "InternalServerException",
};

/**
 * Reads a refusal: its type is in a header (perhaps with a URL after a colon), in `__type` (perhaps
 * with a namespace before `#`), or only as OAuth's `error`.
 */
export function ssoRefusal({ headers, body }: HttpResponse): SsoRefusal {
  let document: Record<string, unknown> = {};
  try {
    document = JSON.parse(body) ?? {};
  } catch {
    // A proxy's page.
  }
  const text = (value: unknown) => typeof value === "string" ? value : "";
  const error = text(document.error);
  const named = headers.get("x-amzn-errortype") || text(document.__type);
  const type = named.split(":")[0]!.split("#").at(-1)!;
  const known = Object.hasOwn(TYPES, error) ? TYPES[error]! : "";
  return {
    type: type || known,
    message: text(document.error_description) || text(document.message) || error,
  };
}

const HINTS: Readonly<Record<string, string>> = {
  AccessDeniedException: "the sign-in was denied; run the command again to try again",
  ExpiredTokenException: "the sign-in took too long: run the command again",
  InvalidClientException: "run the command again: okta-aws then registers again",
  InvalidGrantException: "the sign-in has expired or was revoked: run the command again",
  InvalidRequestException:
    "is this the start URL of your AWS access portal, and Identity Center's " +
    "own region? okta-aws init --sso-start-url URL --sso-region REGION",
  UnauthorizedClientException: "run the command again: okta-aws then registers again",
};

/** The error for a refusal of the OIDC service. */
export function ssoOidcError(response: HttpResponse, doing: string): OktaAwsError {
  const { type, message } = ssoRefusal(response);
  if (type === "" || response.status >= 500 || response.status === 429) {
    return unreachable(response, doing);
  }
  return new SignInError(`IAM Identity Center could not ${doing}: ${describe(type, message)}`, {
    code: showUntrusted(type),
    hint: Object.hasOwn(HINTS, type)
      ? HINTS[type]
      : "try again; if it still fails, tell your administrator",
  });
}

/** The error for a refusal of the portal. A 401 says that the token is dead. */
export function ssoPortalError(response: HttpResponse, doing: string): OktaAwsError {
  const { type, message } = ssoRefusal(response);
  const { status } = response;
  const said = `IAM Identity Center could not ${doing}: ${describe(type, message)}`;
  if (status === 401) {
    return new SignInError(said, {
      code: TOKEN_DEAD,
      hint: "your session has ended or was revoked: run the command again to sign in",
    });
  }
  if (status === 403 || status === 404) {
    return new AwsError(said, {
      code: showUntrusted(type) || "ForbiddenException",
      hint: "you may no longer have this role; list your roles: okta-aws roles --refresh",
    });
  }
  if (status === 429 || status >= 500 || type === "") return unreachable(response, doing);
  return new AwsError(said, { code: showUntrusted(type) });
}

/** The code for a token that the portal rejects. */
const TOKEN_DEAD = "UnauthorizedException";

/** Whether an error says that the access token is dead. */
export function isTokenDead(error: unknown): boolean {
  return error instanceof SignInError && error.code === TOKEN_DEAD;
}

/**
 * Whether an error says that the client's registration has ended.
 *
 * @returns Whether registering again may help.
 */
export function isRegistrationDead(error: unknown): boolean {
  return error instanceof SignInError &&
    ["InvalidClientException", "UnauthorizedClientException"].includes(error.code);
}

function describe(type: string, message: string): string {
  return showUntrusted([message, type && `(${type})`].filter((text) => text !== "").join(" "));
}

function unreachable(response: HttpResponse, doing: string): NetworkError {
  const { type } = ssoRefusal(response);
  const code = showUntrusted(type) || "bad_answer";
  return new NetworkError(
    `IAM Identity Center could not ${doing}: HTTP ${response.status}${type && ` (${code})`}`,
    {
      code,
      hint: "try again in a minute; then check the region, and whether a proxy is in between",
    },
  );
}

/** A request to the OIDC service. */
export function ssoPost(oidc: string, path: string, body: Record<string, unknown>): HttpRequest {
  return {
    method: "POST",
    url: `${oidc}${path}`,
    headers: { "Accept": "application/json", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

/**
 * Reads an answer.
 *
 * @param refusal The error of an answer that is not 200.
 * @throws What `refusal` gives, or a {@linkcode NetworkError} `bad_answer`.
 */
export function readSsoAnswer<S extends v.GenericSchema>(
  response: HttpResponse,
  schema: S,
  refusal: (response: HttpResponse) => OktaAwsError,
): v.InferOutput<S> {
  if (response.status !== 200) throw refusal(response);
  try {
    return v.parse(schema, JSON.parse(response.body));
  } catch {
    // Drop the body and the parser's message: both may contain a token.
    throw new NetworkError("could not read the answer of IAM Identity Center", {
      code: "bad_answer",
      hint: "check the region, and whether a proxy is in between",
    });
  }
}
