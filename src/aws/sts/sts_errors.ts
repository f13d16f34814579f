/**
 * What STS says when it refuses, and what a person can do about it.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * @module
 */

import { AwsError, NetworkError, type OktaAwsError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { child, type XmlElement } from "../../xml.ts";

function textOf(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? "";
}

/**
 * The error that an `ErrorResponse` of STS stands for.
 *
 * @param action The operation that was asked for.
 * @param status The HTTP status.
 * @param root The answer's root element.
 * @returns An {@linkcode AwsError} with STS's code verbatim; a {@linkcode NetworkError} where STS
 * itself failed (HTTP 5xx).
 */
export function stsError(action: StsAction, status: number, root: XmlElement): OktaAwsError {
  const error = child(root, "Error");
  const code = showUntrusted(textOf(error, "Code")) || `http_${status}`;
  const said = textOf(error, "Message");
  const requestId = textOf(root, "RequestId") ||
    textOf(child(root, "ResponseMetadata"), "RequestId");
  const about = requestId === "" ? "" : ` (request ${showUntrusted(requestId)})`;
  const what = said === "" ? code : `${code}: ${showUntrusted(said)}`;
  if (status >= 500) {
    return new NetworkError(`AWS STS failed at ${action}: ${what}${about}`, {
      code,
      hint: "AWS's own trouble as a rule: try again in a minute, or use another region",
    });
  }
  return new AwsError(`AWS refused ${action}: ${what}${about}`, {
    code,
    hint: stsHint(action, code, said),
  });
}

/**
 * The error of an answer that STS can't have written: a proxy's page, an empty body.
 *
 * @param action The operation that was asked for.
 * @param status The HTTP status.
 * @returns The error. Nothing of the body is in it.
 */
export function notSts(action: StsAction, status: number): NetworkError {
  return new NetworkError(`${action} got an answer (HTTP ${status}) that is not from AWS STS`, {
    code: "unexpected_response",
    hint:
      "a proxy or a captive portal may stand between: check HTTPS_PROXY and AWS_ENDPOINT_URL_STS",
  });
}

/**
 * Whether a role doesn't allow a session this long. Asking once more for 3600 seconds helps.
 *
 * @param error What was thrown.
 * @returns Whether STS refused the duration.
 */
export function isDurationExceeded(error: unknown): boolean {
  return error instanceof AwsError && error.code === "ValidationError" &&
    TOO_LONG.test(error.message);
}

/**
 * Whether AWS asked to slow down, and kept asking after the retries.
 *
 * @param error What was thrown.
 * @returns Whether it is one of AWS's throttling codes.
 */
export function isThrottling(error: unknown): boolean {
  return error instanceof AwsError && THROTTLING.test(error.code);
}

/**
 * Whether an assertion is too old, where `AssumeRoleWithSAML` threw the error. (From `AssumeRole` the
 * same code means that the credentials it was signed with are.) A new assertion helps.
 *
 * @param error What was thrown.
 * @returns Whether its code is `ExpiredTokenException`.
 */
export function isAssertionExpired(error: unknown): boolean {
  return error instanceof AwsError && EXPIRED.test(error.code);
}

/**
 * Whether an answer of STS asks to slow down; for `sendWithRetry`.
 *
 * @param response The answer, of any status.
 * @returns Whether its code is one of AWS's throttling codes.
 */
export function isThrottledResponse(response: HttpResponse): boolean {
  if (response.status < 400) return false;
  const code = /<Code>\s*(\w{1,64})\s*<\/Code>/.exec(response.body)?.[1];
  return code !== undefined && THROTTLING.test(code);
}

/** The operations of STS that we call. */
export type StsAction = "AssumeRoleWithSAML" | "AssumeRole" | "GetCallerIdentity";

/** Codes that ask to slow down, of STS and of the gateways before it. */
export const THROTTLING =
  /^(Throttling|ThrottlingException|Throttled|ThrottledException|RequestThrottled(Exception)?|RequestLimitExceeded|TooManyRequestsException|SlowDown)$/;

/** Codes of an assertion, or of credentials, whose time is over. */
export const EXPIRED = /^ExpiredToken(Exception)?$/;

/** The messages of a `ValidationError` about a session that would be too long. */
export const TOO_LONG =
  /DurationSeconds exceeds|durationSeconds' failed to satisfy.*less than or equal/i;

interface Row {
  code: RegExp;
  message?: RegExp;
  action?: StsAction;
  hint: string;
}

const ASK_OKTA = "ask whoever runs the AWS app in Okta to";
const ASK_AWS = "ask whoever runs the AWS account to";
const BAD_ASSERTION = /^InvalidIdentityToken/;

/** The first that fits counts. */
const ROWS: Row[] = [
  {
    code: /^ValidationError$/,
    message: /role chaining/i,
    hint: "a role assumed with another role's session lasts one hour at most: use -a 1h",
  },
  {
    code: /^ValidationError$/,
    message: TOO_LONG,
    hint: "use a shorter session (-a 1h), or have the role's maximum session duration raised",
  },
  {
    code: EXPIRED,
    action: "AssumeRoleWithSAML",
    hint:
      "an assertion is good for five minutes, by this machine's and Okta's clocks: run it again",
  },
  { code: EXPIRED, hint: "the credentials that were used have expired: run with --force" },
  {
    code: BAD_ASSERTION,
    message: /RoleSessionName/i,
    hint: `${ASK_OKTA} send a RoleSessionName of 2 to 64 letters, digits and _+=,.@-`,
  },
  {
    code: BAD_ASSERTION,
    message: /signature/i,
    hint: `${ASK_AWS} upload the Okta app's current metadata to the identity provider in IAM`,
  },
  {
    code: BAD_ASSERTION,
    message: /provider (doesn't|does not) exist/i,
    hint:
      "the account has no identity provider of that name: compare the ARN in Okta's role mapping",
  },
  {
    code: BAD_ASSERTION,
    message: /issuer/i,
    hint:
      "the identity provider in IAM belongs to another Okta app: its metadata must be this app's",
  },
  {
    code: BAD_ASSERTION,
    message: /audience|SubjectConfirmation/i,
    hint: `${ASK_OKTA} check the app's audience and recipient: each AWS partition has its own`,
  },
  {
    code: BAD_ASSERTION,
    hint: `AWS can't accept this assertion: ${ASK_OKTA} compare its settings with AWS's SAML guide`,
  },
  { code: /^IDPRejectedClaim/, hint: "the assertion has expired or was withdrawn: sign in again" },
  {
    code: /^AccessDenied/,
    action: "AssumeRoleWithSAML",
    hint: "the role may be gone, or its trust policy lacks the Okta provider or sts:TagSession: " +
      `${ASK_AWS} look`,
  },
  {
    code: /^AccessDenied/,
    hint: "the role may be gone, or its trust policy wants another principal, external_id or MFA",
  },
  {
    code: /^(MalformedPolicyDocument|PackedPolicyTooLarge)/,
    hint: `the assertion carries too many session tags: ${ASK_OKTA} send fewer`,
  },
  {
    code: /^RegionDisabled/,
    hint: "STS is switched off there for this account: use another region (AWS_REGION, or " +
      "`region` in the settings)",
  },
  {
    code: THROTTLING,
    hint: "AWS asks to slow down: try again in a minute, or lower `concurrency` in the settings",
  },
  {
    code: /^(SignatureDoesNotMatch|RequestExpired|InvalidClientTokenId|UnrecognizedClient)/,
    hint: "check this machine's clock, then run with --force",
  },
];

/**
 * What can be done about a refusal.
 *
 * @param action The operation that was refused.
 * @param code STS's code.
 * @param message STS's message; the same code has many causes.
 * @returns One line, or `undefined` where nothing is known.
 */
export function stsHint(action: StsAction, code: string, message: string): string | undefined {
  return ROWS.find((row) =>
    row.code.test(code) && (row.message?.test(message) ?? true) &&
    (row.action ?? action) === action
  )?.hint;
}
