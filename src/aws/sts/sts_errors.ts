/**
 * STS's refusals, and what a person can do about each.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * @module
 */

import { AwsError, NetworkError, type OktaAwsError } from "../../errors.ts";
import type { StsEndpoint } from "../endpoints.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { child, type XmlElement } from "../../xml.ts";
import { THROTTLING } from "./throttled_together.ts";

function textOf(element: XmlElement | undefined, name: string): string {
  return child(element, name)?.text.trim() ?? "";
}

/** An `ErrorResponse` of STS. */
export interface StsRefusal {
  /** Of HTTP. */
  status: number;
  code: string;
  message: string;
  /** The answer, for its request id. */
  root: XmlElement;
}

/**
 * The error for an `ErrorResponse` of STS.
 *
 * @returns An {@linkcode AwsError} with STS's code verbatim; a {@linkcode NetworkError} if STS
 * itself failed (HTTP 5xx).
 */
export function stsError(
  action: StsAction,
  { status, code: given, message, root }: StsRefusal,
): OktaAwsError {
  const code = showUntrusted(given.trim()) || `http_${status}`;
  const said = message.trim();
  const requestId = textOf(root, "RequestId") ||
    textOf(child(root, "ResponseMetadata"), "RequestId");
  const reference = requestId === "" ? undefined : `request ${showUntrusted(requestId)}`;
  const what = said === "" ? code : `${code}: ${showUntrusted(said)}`;
  if (status >= 500) {
    return new NetworkError(`AWS STS failed at ${action}: ${what}`, {
      code,
      reference,
      hint: "usually a problem at AWS: try again in a minute, or use another region",
    });
  }
  return new AwsError(`AWS refused ${action}: ${what}`, {
    code,
    reference,
    hint: stsHint(action, code, said),
  });
}

/** As {@linkcode stsError}, for an `ErrorResponse` that AWS's client has not read. */
export function refusal(action: StsAction, status: number, root: XmlElement): OktaAwsError {
  const error = child(root, "Error");
  const [code, message] = [textOf(error, "Code"), textOf(error, "Message")];
  return stsError(action, { status, code, message, root });
}

/** The error for an answer that is not STS's: a proxy's page, an empty body. */
export function notSts(action: StsAction, status: number): NetworkError {
  return new NetworkError(`${action} got an answer (HTTP ${status}) that is not from AWS STS`, {
    code: "unexpected_response",
    hint: "a proxy or captive portal may have answered: check HTTPS_PROXY and AWS_ENDPOINT_URL_STS",
  });
}

/** A host that does not exist is most likely that of a region without STS, or without its FIPS. */
export function withRegionHint(
  error: NetworkError,
  { custom, kind, region }: StsEndpoint,
): NetworkError {
  if (error.code !== "dns" || custom) return error;
  const hint = kind?.fips
    ? `STS has FIPS endpoints in few regions, such as us-east-1 and us-gov-west-1: use one of ` +
      "these, or unset AWS_USE_FIPS_ENDPOINT"
    : `check the network, and the region: is there a region ${showUntrusted(region)}?`;
  return new NetworkError(error.message, {
    code: error.code,
    hint,
    cause: error,
    unsent: error.unsent,
  });
}

/** Whether the role allows only shorter sessions. Asking again for 3600 seconds helps. */
export function isDurationExceeded(error: unknown): boolean {
  return error instanceof AwsError && error.code === "ValidationError" &&
    TOO_LONG.test(error.message);
}

/** Whether AWS asked to slow down, and kept asking after the retries. */
export function isThrottling(error: unknown): boolean {
  return error instanceof AwsError && THROTTLING.test(error.code);
}

/**
 * Whether an assertion is too old, if the error is from `AssumeRoleWithSAML`. (From `AssumeRole`
 * the same code means that the credentials it was signed with are.) A new assertion helps.
 *
 * @returns Whether its code is `ExpiredTokenException`.
 */
export function isAssertionExpired(error: unknown): boolean {
  return error instanceof AwsError && EXPIRED.test(error.code);
}

/** The operations of STS that we call. */
export type StsAction = "AssumeRoleWithSAML" | "AssumeRole" | "GetCallerIdentity";

/** Codes for an expired assertion or expired credentials. */
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

const ASK_OKTA = "ask the administrator of the AWS app in Okta to";
const ASK_AWS = "ask the administrator of the AWS account to";
const BAD_ASSERTION = /^InvalidIdentityToken/;

/** The first match counts. */
const ROWS: Row[] = [
  {
    code: /^ValidationError$/,
    message: /role chaining/i,
    hint: "a role assumed with another role's session lasts one hour at most: use -a 1h",
  },
  {
    code: /^ValidationError$/,
    message: TOO_LONG,
    action: "AssumeRoleWithSAML",
    hint: "use a shorter session (-t 1h), or have the role's maximum session duration raised",
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
      "an assertion is valid for five minutes: check this computer's clock, then run the command again",
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
  { code: /^IDPRejectedClaim/, hint: "the assertion has expired or was revoked: sign in again" },
  {
    code: /^AccessDenied/,
    action: "AssumeRoleWithSAML",
    hint:
      "the role may be gone, or its trust policy may not allow the Okta provider or sts:TagSession: " +
      `${ASK_AWS} look`,
  },
  {
    code: /^AccessDenied/,
    hint:
      "the role may be gone, or its trust policy may require another principal, external_id or MFA",
  },
  {
    code: /^MalformedPolicyDocument/,
    hint:
      "AWS can't read the session policy: check --policy, or okta_session_policy of the profile",
  },
  {
    code: /^PackedPolicyTooLarge/,
    hint: "session policies and session tags are too large together: shorten the policy, or " +
      `${ASK_OKTA} send fewer tags`,
  },
  {
    code: /^RegionDisabled/,
    hint: "STS is switched off there for this account: use another region (AWS_REGION, or " +
      "`region` in the settings)",
  },
  {
    code: THROTTLING,
    hint: "AWS is rate limiting: try again in a minute, or lower `concurrency` in the settings",
  },
  {
    code: /^(SignatureDoesNotMatch|RequestExpired|InvalidClientTokenId|UnrecognizedClient)/,
    hint: "check this computer's clock, then run with --force",
  },
];

const OTHER_HINT =
  "run it again with --debug, and send AWS's request id to the administrator of the AWS account";

/**
 * What a person can do about a refusal.
 *
 * @param message STS's message; the same code has many causes.
 */
export function stsHint(action: StsAction, code: string, message: string): string {
  return ROWS.find((row) =>
    row.code.test(code) && (row.message?.test(message) ?? true) &&
    (row.action ?? action) === action
  )?.hint ?? OTHER_HINT;
}
