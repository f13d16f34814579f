/**
 * What a person can do about each of STS's refusals.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_saml.html
 * @module
 */

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
