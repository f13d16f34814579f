/**
 * What AWS's client leaves to check of STS's answers: that STS has answered at all, and that
 * credentials are complete. The client takes a captive portal's page for success, with no
 * credentials.
 *
 * @module
 */

import { AwsError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { child, parseXml, type XmlElement, XmlError } from "../../xml.ts";
import type { SessionCredentials } from "../session_credentials.ts";
import { parseTimestamp } from "../timestamp.ts";
import { notSts, type StsAction } from "./sts_errors.ts";

/** A role session. */
export interface AssumedRole {
  credentials: SessionCredentials;
  /** Its ARN, `arn:aws:sts::…:assumed-role/ROLE/SESSION`, the role without its path. */
  assumedRoleArn: string;
}

/** Whose credentials were used. */
export interface CallerIdentity {
  accountId: string;
  /** The ARN of the user or role session. */
  arn: string;
  /** AWS's unique id of it. */
  userId: string;
}

/** An answer of STS, for what the client does not tell. */
export interface StsAnswer {
  response: HttpResponse;
  /** The root element of its body. */
  root: XmlElement;
}

/** The members of the client's answers that we use. */
export interface AssumeOutput {
  Credentials?: {
    AccessKeyId?: string | undefined;
    SecretAccessKey?: string | undefined;
    SessionToken?: string | undefined;
  } | undefined;
  AssumedRoleUser?: { Arn?: string | undefined } | undefined;
}

function parseRoot(action: StsAction, { body, status }: HttpResponse): XmlElement {
  try {
    return parseXml(body);
  } catch (error) {
    if (error instanceof XmlError) throw notSts(action, status);
    throw error;
  }
}

/**
 * Returns the answer's root: `ErrorResponse`, or the operation's own response with its result.
 *
 * @throws {NetworkError} `unexpected_response`
 */
export function readAnswer(action: StsAction, response: HttpResponse): XmlElement {
  const root = parseRoot(action, response);
  const isResult = response.status === 200 && root.name === `${action}Response` &&
    child(root, `${action}Result`) !== undefined;
  if (!isResult && root.name !== "ErrorResponse") throw notSts(action, response.status);
  return root;
}

/** The error for an answer of STS without a member that it must have. */
export function malformed(action: StsAction, field: string): AwsError {
  return new AwsError(`the answer of AWS STS to ${action} has no usable ${field}`, {
    code: "malformed_response",
    hint: "check AWS_ENDPOINT_URL_STS, and report this if it isn't set",
  });
}

/** Safe in a header, a line of a file and an environment variable. */
const PRINTABLE = /^[\x21-\x7e]+$/;

function required(
  action: StsAction,
  [field, value]: readonly [string, string | undefined],
  shape: RegExp,
): string {
  // White space can't be part of any of these; documents that wrap a long session token exist.
  const text = (value ?? "").replace(/\s+/g, "");
  if (!shape.test(text)) throw malformed(action, field);
  return text;
}

/** No role's session is longer. */
const LONGEST_MILLISECONDS = 12 * 3600 * 1000;

/**
 * By STS's own clock: ours may be off. A longer life than STS ever gives is cut. As written, since
 * the client takes 30 February for 1 March.
 */
function readExpiration(action: StsAction, { response: { headers }, root }: StsAnswer): Date {
  const credentials = child(child(root, `${action}Result`), "Credentials");
  const end = parseTimestamp(child(credentials, "Expiration")?.text.trim() ?? "")?.getTime();
  if (end === undefined) throw malformed(action, "Expiration");
  const now = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(now)) return new Date(end);
  if (end <= now) throw malformed(action, "Expiration");
  return new Date(Math.min(end, now + LONGEST_MILLISECONDS));
}

/**
 * Checks credentials.
 *
 * @throws {AwsError} `malformed_response` if a member is missing, empty or malformed.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
 */
export function toAssumedRole(
  action: StsAction,
  { Credentials = {}, AssumedRoleUser = {} }: AssumeOutput,
  answer: StsAnswer,
): AssumedRole {
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials;
  const text = (field: string, value: string | undefined, shape = PRINTABLE) =>
    required(action, [field, value], shape);
  return {
    credentials: {
      accessKeyId: text("AccessKeyId", AccessKeyId, /^\w{1,128}$/),
      secretAccessKey: new Secret(text("SecretAccessKey", SecretAccessKey)),
      sessionToken: new Secret(text("SessionToken", SessionToken)),
      expiration: readExpiration(action, answer),
    },
    assumedRoleArn: text("Arn", AssumedRoleUser.Arn, /^arn:[\x21-\x7e]+$/),
  };
}

/** @throws {AwsError} `malformed_response` */
export function toCallerIdentity(
  { Account, Arn, UserId }: {
    Account?: string | undefined;
    Arn?: string | undefined;
    UserId?: string | undefined;
  },
): CallerIdentity {
  const action = "GetCallerIdentity";
  return {
    accountId: required(action, ["Account", Account], /^\d{12}$/),
    arn: required(action, ["Arn", Arn], /^arn:[\x21-\x7e]+$/),
    userId: required(action, ["UserId", UserId], PRINTABLE),
  };
}
