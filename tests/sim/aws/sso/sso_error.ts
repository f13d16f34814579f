import type { AwsContext } from "../context.ts";

/** OAuth's code and the HTTP status. */
const ERRORS: Record<string, [string, number]> = {
  AuthorizationPendingException: ["authorization_pending", 400],
  SlowDownException: ["slow_down", 400],
  ExpiredTokenException: ["expired_token", 400],
  AccessDeniedException: ["access_denied", 400],
  InvalidGrantException: ["invalid_grant", 400],
  InvalidRequestException: ["invalid_request", 400],
  InvalidClientException: ["invalid_client", 401],
  UnauthorizedClientException: ["unauthorized_client", 400],
  UnsupportedGrantTypeException: ["unsupported_grant_type", 400],
};

export function oidcError({ world }: AwsContext, type: string, description = ""): Response {
  const [error, status] = ERRORS[type]!;
  const headers: Record<string, string> = world.sso?.bareErrors
    ? {}
    : { "x-amzn-ErrorType": `${type}:http://internal.amazon.com/coral/com.amazonaws.sso/` };
  return Response.json({ error, error_description: description }, { status, headers });
}

export function portalError(type: string, message: string, status: number): Response {
  const body = { message, __type: `com.amazonaws.switchboard.portal#${type}` };
  return Response.json(body, { status, headers: { "x-amzn-ErrorType": type } });
}
