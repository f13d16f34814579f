/** Sends requests to STS, and checks that STS has answered. @module */

import { NetworkError } from "../../errors.ts";
import { sendWithRetry } from "../../http_retry.ts";
import type { HttpRequest } from "../../ports.ts";
import type { StsEndpoint } from "../endpoints.ts";
import type { StsTransport } from "./sts_calls.ts";
import { type StsAction, withRegionHint } from "./sts_errors.ts";
import { readAnswer, type StsAnswer } from "./sts_response.ts";
import { isThrottledResponse } from "./throttled_together.ts";

/** STS also answers in JSON, but its time format is not documented. */
export const STS_ACCEPT = "application/xml, text/xml";

/** A request to STS. */
export interface StsRequest {
  action: StsAction;
  endpoint: StsEndpoint;
  /** Tried again only if it is `repeatable`. */
  request: HttpRequest;
}

/**
 * Sends a request, again if STS asks to slow down.
 *
 * @returns A result or a refusal of STS.
 * @throws {NetworkError} As `http` reports it; `unexpected_response` if it was not STS that answered.
 */
export async function sendToSts(
  transport: StsTransport,
  { action, endpoint, request }: StsRequest,
): Promise<StsAnswer> {
  const options = { idempotent: request.repeatable === true, isThrottled: isThrottledResponse };
  try {
    const response = await sendWithRetry(transport, request, options);
    return { response, root: readAnswer(action, response) };
  } catch (error) {
    throw error instanceof NetworkError ? withRegionHint(error, endpoint) : error;
  }
}
