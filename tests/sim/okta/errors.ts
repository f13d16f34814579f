import { base64Text } from "../random_text.ts";
import type { World } from "../world.ts";

/** HTTP status and summary by code, from Okta's table; `{0}` is filled in. */
const ERRORS: Record<string, [number, string]> = {
  E0000001: [400, "Api validation failed: {0}"],
  E0000003: [400, "The request body was not well-formed."],
  E0000004: [401, "Authentication failed"],
  E0000005: [403, "Invalid session"],
  E0000006: [403, "You do not have permission to perform the requested action"],
  E0000007: [404, "Not found: {0}"],
  E0000011: [401, "Invalid token provided"],
  E0000014: [403, "Update of credentials failed"],
  E0000021: [
    400,
    "Bad request.  Accept and/or Content-Type headers likely do not match supported values.",
  ],
  E0000022: [405, "The endpoint does not support the provided HTTP method"],
  E0000047: [429, "API call exceeded rate limit due to too many requests."],
  E0000068: [403, "Invalid Passcode/Answer"],
  E0000069: [403, "User Locked"],
  E0000079: [403, "This operation is not allowed in the current authentication state."],
  E0000080: [
    403,
    "The password does not meet the complexity requirements of the current password policy.",
  ],
  E0000082: [403, "Each code can only be used once. Please wait for a new code and try again."],
  E0000083: [403, "PassCode is valid but exceeded time window."],
  E0000087: [403, "The recovery question answer did not match our records."],
  E0000095: [403, "Recovery not allowed for unknown user."],
  E0000109: [429, "An SMS message was recently sent. Please wait 30 seconds before trying again."],
  E0000113: [409, "{0}."],
  E0000118: [429, "An email was recently sent. Please wait 5 seconds before trying again."],
  E0000133: [429, "A phone call was recently made. Please wait 30 seconds before trying again."],
  E0000085: [403, "You do not have permission to access your account at this time."],
};

/** HTTP status by code. */
export function knownErrors(): Map<string, number> {
  return new Map(Object.entries(ERRORS).map(([code, [status]]) => [code, status]));
}

/** `causes` are the summaries of `errorCauses`; `detail` replaces `{0}`. */
export function oktaError(
  world: World,
  code: string,
  causes: string[] = [],
  detail = "",
): Response {
  const [status, summary] = ERRORS[code]!;
  const errorCauses = causes.length === 0 && world.policy.nullErrorCauses
    ? null
    : causes.map((errorSummary) => ({ errorSummary }));
  return Response.json({
    errorCode: code,
    errorSummary: summary.replace("{0}", () => detail),
    errorLink: code,
    errorId: `oae${base64Text(22).replaceAll("+", "-").replaceAll("/", "_")}`,
    errorCauses,
  }, { status });
}

export function oauthError(error: string, description: string, status = 400): Response {
  return Response.json({ error, error_description: description }, { status });
}
