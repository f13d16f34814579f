/** `/federation` of the sign-in host: exchanges credentials for a SigninToken, and the token for a console session. */

import { oktaToken } from "../random_text.ts";
import { html } from "../okta/pages.ts";
import type { AwsContext } from "./context.ts";
import { findCredentials } from "./credentials.ts";

const FIFTEEN_MINUTES = 15 * 60_000;
const CONSOLE =
  /^https:\/\/([a-z0-9-]+\.)*(console\.)?(aws\.amazon\.com|amazonaws-us-gov\.com|amazonaws\.cn|amazonaws-eusc\.eu)(\/|$|\?)/;

function badRequest(message: string): Response {
  return html(
    `<html>\n<head><title>400 Bad Request</title></head>\n<body><h1>400 Bad Request</h1><p>${message}</p></body>\n</html>\n`,
    400,
  );
}

function parseSession(text: string | null): Record<string, unknown> {
  try {
    const session = JSON.parse(text ?? "");
    return session !== null && typeof session === "object" ? session : {};
  } catch {
    return {};
  }
}

function getSigninToken(context: AwsContext, parameters: URLSearchParams): Response {
  const { world, state } = context;
  const { sessionId, sessionKey, sessionToken } = parseSession(parameters.get("Session"));
  const credentials = findCredentials(context, String(sessionId));
  const known = credentials?.sessionToken !== undefined &&
    credentials.sessionToken === sessionToken && credentials.secretAccessKey === sessionKey &&
    credentials.expiration > world.clock.now();
  if (!known) return badRequest("Invalid credentials parameter");
  const text = parameters.get("SessionDuration");
  const seconds = text === null ? undefined : Number(text);
  const inRange = seconds === undefined ||
    Number.isInteger(seconds) && seconds >= 900 && seconds <= 43200;
  if (!inRange || seconds !== undefined && credentials.chained) {
    return badRequest("Invalid SessionDuration parameter");
  }
  const signinToken = oktaToken("VCQgs5qZZt3Q6fn8Tr5EXAMPLEmLnwB7JjUc-").repeat(12);
  state.signinTokens.set(signinToken, {
    credentials,
    expiresAt: world.clock.now() + FIFTEEN_MINUTES,
    sessionDuration: seconds,
  });
  return Response.json({ SigninToken: signinToken });
}

function login({ world, state }: AwsContext, parameters: URLSearchParams): Response {
  const token = state.signinTokens.get(parameters.get("SigninToken") ?? "");
  if (!token || token.expiresAt <= world.clock.now()) {
    return badRequest("The sign-in token is invalid or has expired");
  }
  const destination = parameters.get("Destination") ?? "";
  if (!CONSOLE.test(destination)) return badRequest("Invalid Destination parameter");
  const headers = new Headers({ location: destination });
  headers.append("set-cookie", "aws-creds=eyJ2IjoyfQ; Path=/; Secure; HttpOnly");
  headers.append("set-cookie", "aws-userInfo=%7B%7D; Path=/; Secure");
  return new Response(null, { status: 302, headers });
}

/** `GET` or `POST /federation`. */
export function answerFederation(context: AwsContext): Response {
  const { request } = context;
  const parameters = request.method === "POST" ? request.form : request.query;
  const action = parameters.get("Action");
  if (action === "getSigninToken") return getSigninToken(context, parameters);
  return action === "login" ? login(context, parameters) : badRequest("Unknown Action");
}
