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
import { EXPIRED, type StsAction, stsHint, THROTTLING, TOO_LONG } from "./sts_hints.ts";

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
