/**
 * Network and server failures: push them to `world.faults`, usually through {@linkcode failNext}.
 */

import type { HostName, LoggedRequest } from "./request_log.ts";
import { loginPage } from "./okta/pages.ts";

/** Answers instead of the simulator; `undefined` lets the request through. */
export type Fault = (
  request: LoggedRequest,
) => Response | undefined | Promise<Response | undefined>;

/** Marks responses that close or hold the connection. */
const dropped = new WeakSet<Response>();
const stalled = new WeakSet<Response>();

/** Whether to close the connection instead of answering. */
export function isDropped(response: Response): boolean {
  return dropped.has(response);
}

/** Whether to hold the answer until the simulator stops. */
export function isStalled(response: Response): boolean {
  return stalled.has(response);
}

/** Which requests a fault applies to. */
export interface FaultTarget {
  /** Default: any. */
  host?: HostName;
  /** Default: any. */
  method?: string;
  /** Default: any. */
  path?: string | RegExp;
  /** Number of requests; default: 1. */
  times?: number;
  /** Number of matching requests to let through first. */
  after?: number;
}

function isMeant(target: FaultTarget, request: LoggedRequest): boolean {
  if (target.host !== undefined && target.host !== request.host) return false;
  if (target.method !== undefined && target.method !== request.method) return false;
  if (target.path === undefined) return true;
  return typeof target.path === "string"
    ? target.path === request.path
    : target.path.test(request.path);
}

/** A fault for the next matching requests; push it to `world.faults`. */
export function failNext(
  target: FaultTarget,
  answer: (request: LoggedRequest) => Response,
): Fault {
  let left = target.times ?? 1;
  let skip = target.after ?? 0;
  return (request) => {
    if (left <= 0 || !isMeant(target, request)) return undefined;
    if (skip-- > 0) return undefined;
    left -= 1;
    return answer(request);
  };
}

/** 502 with HTML, as proxies answer. */
export function badGateway(): Response {
  return new Response(
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    { status: 502, headers: { "content-type": "text/html" } },
  );
}

/** 200 with an empty body. */
export function emptyAnswer(): Response {
  return new Response(null, { headers: { "content-length": "0" } });
}

/** No answer until the simulator stops. */
export function stalledAnswer(): Response {
  const response = new Response(null);
  stalled.add(response);
  return response;
}

/** Closes the connection before the first byte. */
export function droppedConnection(): Response {
  const response = new Response(null);
  dropped.add(response);
  return response;
}

/** 200 with a connection that closes in the middle of the body. */
export function brokenBody(): Response {
  const half = new TextEncoder().encode(`{"stateToken":"00`);
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(half),
    pull: (controller) => controller.error(new Error("the simulator breaks this body off")),
  });
  return new Response(stream, {
    headers: { "content-type": "application/json", "content-length": "2000" },
  });
}

export function redirectTo(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** 302 to the same URL. */
export function redirectLoop(request: LoggedRequest): Response {
  return redirectTo(request.url.href);
}

/** 200 with this many bytes of HTML. */
export function hugePage(bytes = 30_000_000): Response {
  const chunk = new TextEncoder().encode("<p>nothing</p>".repeat(5000));
  let left = bytes;
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(chunk.subarray(0, Math.min(left, chunk.length)));
      left -= chunk.length;
    },
  });
  return new Response(stream, { headers: { "content-type": "text/html" } });
}

/** 200 with the sign-in page, for any path. */
export function signInPage(request: LoggedRequest): Response {
  return new Response(loginPage(request.url.origin, request.path), {
    headers: { "content-type": "text/html;charset=utf-8" },
  });
}

export function jsonAnswer(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

/** Text with quotes, newlines, escape sequences and bidirectional marks, to test escaping. */
export const NASTY_TEXT =
  "]\n[evil]\naws_access_key_id = AKIA\r\n=;#'\"`$(touch /tmp/pwned)`&&|%PATH%\u001b[31m\u001b]0;title\u0007\u202egnp\u2066\u0000";
