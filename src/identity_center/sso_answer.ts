/**
 * JSON to the services of IAM Identity Center, and what comes back.
 *
 * @module
 */

import type * as z from "zod/mini";
import { NetworkError, type OktaAwsError } from "../errors.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";

/**
 * A request to the OIDC service.
 *
 * @param oidc Where the service is.
 * @param path The path.
 * @param body What is sent, secrets revealed.
 * @returns The request.
 */
export function ssoPost(oidc: string, path: string, body: Record<string, unknown>): HttpRequest {
  return {
    method: "POST",
    url: `${oidc}${path}`,
    headers: { "Accept": "application/json", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
}

/**
 * Reads an answer.
 *
 * @param response The answer.
 * @param schema What it has to be.
 * @param refusal The error of an answer that is not 200.
 * @returns What the schema gives.
 * @throws What `refusal` gives, or a {@linkcode NetworkError} `bad_answer`.
 */
export function readSsoAnswer<S extends z.ZodMiniType>(
  response: HttpResponse,
  schema: S,
  refusal: (response: HttpResponse) => OktaAwsError,
): z.output<S> {
  if (response.status !== 200) throw refusal(response);
  try {
    return schema.parse(JSON.parse(response.body));
  } catch {
    // Neither the body nor the parser's words are kept: both may hold a token.
    throw new NetworkError("the answer of IAM Identity Center can't be read", {
      code: "bad_answer",
      hint: "is the region right, and is there a proxy in between?",
    });
  }
}
