/**
 * Reads STS's answers. All `process…` functions throw an {@linkcode AwsError} with STS's code if
 * STS refuses, or `malformed_response`; a {@linkcode NetworkError} with STS's code if it fails
 * (HTTP 5xx), or `unexpected_response` if it was not STS that answered.
 *
 * @module
 */

import { AwsError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { child, parseXml, type XmlElement, XmlError } from "../../xml.ts";
import type { SessionCredentials } from "../session_credentials.ts";
import { notSts, type StsAction, stsError } from "./sts_errors.ts";
import { parseTimestamp } from "../timestamp.ts";

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

function parseRoot(action: StsAction, response: HttpResponse): XmlElement {
  try {
    return parseXml(response.body);
  } catch (error) {
    if (error instanceof XmlError) throw notSts(action, response.status);
    throw error;
  }
}

/** @throws The error that the answer contains. */
function resultOf(action: StsAction, response: HttpResponse): XmlElement {
  const root = parseRoot(action, response);
  if (root.name === "ErrorResponse") throw stsError(action, response.status, root);
  const result = child(root, `${action}Result`);
  const isAnswer = response.status === 200 && root.name === `${action}Response`;
  if (!isAnswer || result === undefined) throw notSts(action, response.status);
  return result;
}

function malformed(action: StsAction, field: string): AwsError {
  return new AwsError(`the answer of AWS STS to ${action} has no usable ${field}`, {
    code: "malformed_response",
    hint: "check AWS_ENDPOINT_URL_STS, and report this if it isn't set",
  });
}

function required(
  { action, element }: { action: StsAction; element: XmlElement | undefined },
  field: string,
  shape: RegExp,
): string {
  // White space can't be part of any of these; documents that wrap a long session token exist.
  const text = child(element, field)?.text.replace(/\s+/g, "") ?? "";
  if (!shape.test(text)) throw malformed(action, field);
  return text;
}

/** Safe in a header, a line of a file and an environment variable. */
const PRINTABLE = /^[\x21-\x7e]+$/;

/**
 * Reads a `Credentials` element.
 *
 * @throws {AwsError} `malformed_response` if a field is missing, empty or malformed.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html
 */
export function readCredentials(
  action: StsAction,
  element: XmlElement | undefined,
): SessionCredentials {
  const accessKeyId = required({ action, element }, "AccessKeyId", /^\w{1,128}$/);
  const secretAccessKey = new Secret(required({ action, element }, "SecretAccessKey", PRINTABLE));
  const sessionToken = new Secret(required({ action, element }, "SessionToken", PRINTABLE));
  const expiration = parseTimestamp(required({ action, element }, "Expiration", PRINTABLE));
  if (expiration === undefined) throw malformed(action, "Expiration");
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

/** No role's session is longer. */
const LONGEST_MILLISECONDS = 12 * 3600 * 1000;

/** By STS's own clock: ours may be off. A longer life than STS ever gives is cut. */
function checkExpiration(
  action: StsAction,
  { headers }: HttpResponse,
  credentials: SessionCredentials,
): SessionCredentials {
  const now = Date.parse(headers.get("date") ?? "");
  if (Number.isNaN(now)) return credentials;
  const expiration = credentials.expiration.getTime();
  if (expiration <= now) throw malformed(action, "Expiration");
  return { ...credentials, expiration: new Date(Math.min(expiration, now + LONGEST_MILLISECONDS)) };
}

function readAssumedRole(action: StsAction, response: HttpResponse): AssumedRole {
  const result = resultOf(action, response);
  const read = readCredentials(action, child(result, "Credentials"));
  const credentials = checkExpiration(action, response, read);
  const user = child(result, "AssumedRoleUser");
  return {
    credentials,
    assumedRoleArn: required({ action, element: user }, "Arn", /^arn:[\x21-\x7e]+$/),
  };
}

export function processAssumeRoleWithSamlResponse(response: HttpResponse): AssumedRole {
  return readAssumedRole("AssumeRoleWithSAML", response);
}

export function processAssumeRoleResponse(response: HttpResponse): AssumedRole {
  return readAssumedRole("AssumeRole", response);
}

export function processCallerIdentityResponse(response: HttpResponse): CallerIdentity {
  const action = "GetCallerIdentity";
  const result = resultOf(action, response);
  return {
    accountId: required({ action, element: result }, "Account", /^\d{12}$/),
    arn: required({ action, element: result }, "Arn", /^arn:[\x21-\x7e]+$/),
    userId: required({ action, element: result }, "UserId", PRINTABLE),
  };
}
