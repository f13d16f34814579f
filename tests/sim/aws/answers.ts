/** The bodies of STS's answers, XML or JSON. */

import { escapeXml } from "../saml/response.ts";
import type { AwsContext } from "./context.ts";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** Elements by name; `undefined` ones are omitted. */
export interface Elements {
  [name: string]: string | number | Elements | undefined;
}

function xml(elements: Elements): string {
  const present = Object.entries(elements).filter(([, value]) => value !== undefined);
  return present.map(([name, value]) => {
    const content = typeof value === "object" ? xml(value) : escapeXml(String(value));
    return `<${name}>${content}</${name}>`;
  }).join("\n");
}

function wantsJson({ request }: AwsContext): boolean {
  return /\bapplication\/json\b/.test(request.headers.get("accept") ?? "");
}

function answer(context: AwsContext, text: string, status: number, requestId: string): Response {
  return new Response(text, {
    status,
    headers: {
      "content-type": wantsJson(context) ? "application/json" : "text/xml",
      "x-amzn-requestid": requestId,
      "date": new Date(context.world.clock.now()).toUTCString(),
    },
  });
}

/** `<ActionResponse>` with the result and the request id. */
export function stsResult(context: AwsContext, action: string, result: Elements): Response {
  const requestId = crypto.randomUUID();
  const body = { [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  const text = wantsJson(context)
    ? JSON.stringify({ [`${action}Response`]: body })
    : `<${action}Response xmlns="${NAMESPACE}">\n${xml(body)}\n</${action}Response>\n`;
  return answer(context, text, 200, requestId);
}

/** `<ErrorResponse>` with AWS's code and message. */
export function stsError(
  context: AwsContext,
  status: number,
  code: string,
  message: string,
): Response {
  const requestId = crypto.randomUUID();
  const error = { Type: status >= 500 ? "Receiver" : "Sender", Code: code, Message: message };
  const body = { Error: error, RequestId: requestId };
  const text = wantsJson(context)
    ? JSON.stringify(body)
    : `<ErrorResponse xmlns="${NAMESPACE}">\n${xml(body)}\n</ErrorResponse>\n`;
  return answer(context, text, status, requestId);
}
