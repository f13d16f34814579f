/**
 * The console sign-in of AWS for people who have credentials instead of a password.
 *
 * @see
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 * @module
 */

import { AwsError, NetworkError } from "../../errors.ts";
import type { HttpRequest, HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import type { SessionCredentials } from "../session_credentials.ts";

/** The shortest and longest console session that AWS accepts, seconds. */
const SESSION_SECONDS = { least: 900, most: 43_200 };

/** Input of {@linkcode signinTokenRequest}. */
export interface SigninTokenInput {
  /** The origin of the sign-in service, from `signInOrigin`. */
  origin: string;
  /** A role's credentials. */
  credentials: SessionCredentials;
  /**
   * Session length, clamped to 900 to 43,200. Omit it for a role
   * assumed with another role's session: AWS then refuses the request. Without it the console
   * session ends with the credentials.
   */
  sessionDurationSeconds?: number | undefined;
}

/**
 * Builds the request that exchanges credentials for a sign-in token. Everything is in the body: a
 * URL would be logged by proxies, and could be too long for them.
 */
export function signinTokenRequest(input: SigninTokenInput): HttpRequest {
  const { credentials, sessionDurationSeconds } = input;
  const form = new URLSearchParams({
    Action: "getSigninToken",
    Session: JSON.stringify({
      sessionId: credentials.accessKeyId,
      sessionKey: credentials.secretAccessKey.reveal(),
      sessionToken: credentials.sessionToken.reveal(),
    }),
  });
  if (sessionDurationSeconds !== undefined) {
    const { least, most } = SESSION_SECONDS;
    form.set("SessionDuration", String(Math.min(most, Math.max(least, sessionDurationSeconds))));
  }
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
    "Accept": "application/json",
  };
  return { method: "POST", url: `${input.origin}/federation`, headers, body: form.toString() };
}

function readSigninToken(body: string): Secret | undefined {
  try {
    const answer = JSON.parse(body) as { SigninToken?: unknown } | null;
    const text = answer?.SigninToken;
    return typeof text === "string" && text !== "" ? new Secret(text) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the answer to {@linkcode signinTokenRequest}.
 *
 * @returns The sign-in token, good for 15 minutes: a bearer secret.
 * @throws {AwsError} `federation_refused` (HTTP 400): the credentials have expired, or come from
 * role chaining and a session duration was sent; try once more without one.
 * @throws {NetworkError} `server_failed` for 5xx and 429, `unexpected_response` if it was not AWS
 * that answered.
 */
export function processSigninTokenResponse(response: HttpResponse): Secret {
  const { status } = response;
  if (status >= 500 || status === 429) {
    throw new NetworkError(`AWS's sign-in service failed (HTTP ${status})`, {
      code: "server_failed",
      hint: "try again in a minute",
    });
  }
  if (status >= 400) {
    throw new AwsError(`AWS refused to sign these credentials in (HTTP ${status})`, {
      code: "federation_refused",
      hint: "the credentials may have expired: run the command again with --force",
    });
  }
  const signinToken = status === 200 ? readSigninToken(response.body) : undefined;
  if (signinToken !== undefined) return signinToken;
  throw new NetworkError(`an answer (HTTP ${status}) is not from AWS's sign-in service`, {
    code: "unexpected_response",
    hint: "a proxy or captive portal may have answered: check HTTPS_PROXY",
  });
}

/** What a sign-in URL is made of. */
export interface LoginUrlParts {
  /** The origin of the sign-in service, from `signInOrigin`. */
  origin: string;
  /** A URL that the console shows when the session has ended: where to sign in again. */
  issuer: string;
  /** The console page to open, from `consoleDestination`. */
  destination: string;
  /** The sign-in token. */
  signinToken: Secret;
}

/**
 * The URL that signs a browser in.
 *
 * @returns A secret: anyone who has it within 15 minutes is signed in.
 */
export function formatLoginUrl(parts: LoginUrlParts): Secret {
  // encodeURIComponent rather than URLSearchParams: a "+" for a space is read in two ways.
  const fields = {
    Action: "login",
    Issuer: parts.issuer,
    Destination: parts.destination,
    SigninToken: parts.signinToken.reveal(),
  };
  const query = Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return new Secret(`${parts.origin}/federation?${query.join("&")}`);
}
