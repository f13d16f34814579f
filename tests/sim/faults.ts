/**
 * Things that go wrong on the way: put them into `world.faults`, or use {@linkcode failNext}.
 *
 * @module
 */

import type { HostName, LoggedRequest } from "./request_log.ts";
import { loginPage } from "./okta/pages.ts";

/** Answers in place of the simulator, or lets the request through with `undefined`. */
export type Fault = (
  request: LoggedRequest,
) => Response | undefined | Promise<Response | undefined>;

/** Responses that stand for none at all. */
const dropped = new WeakSet<Response>();
const stalled = new WeakSet<Response>();

/** @returns Whether the connection is to be closed instead of answered. */
export function isDropped(response: Response): boolean {
  return dropped.has(response);
}

/** @returns Whether the answer is to be kept back until the simulator stops. */
export function isStalled(response: Response): boolean {
  return stalled.has(response);
}

/** Which requests a fault is for. */
export interface FaultTarget {
  /** The origin; any where it is left out. */
  host?: HostName;
  /** The method; any where it is left out. */
  method?: string;
  /** The path, or what it must match; any where it is left out. */
  path?: string | RegExp;
  /** How many requests; 1 where it is left out. */
  times?: number;
  /** Requests let through before. */
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

/**
 * A fault for the next requests of a kind.
 *
 * @param target Which requests.
 * @param answer Makes the wrong answer.
 * @returns What to push to `world.faults`.
 */
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

/** @returns 502 and HTML, as a proxy answers. */
export function badGateway(): Response {
  return new Response(
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n",
    { status: 502, headers: { "content-type": "text/html" } },
  );
}

/** @returns 200 without a body. */
export function emptyAnswer(): Response {
  return new Response(null, { headers: { "content-length": "0" } });
}

/** @returns No answer, for as long as the simulator runs. */
export function stalledAnswer(): Response {
  const response = new Response(null);
  stalled.add(response);
  return response;
}

/**
 * On a connection that was used before, Deno's fetch then sends the request again by itself, POST
 * too: `times: 2` makes it fail.
 *
 * @returns A connection that breaks before the first byte.
 */
export function droppedConnection(): Response {
  const response = new Response(null);
  dropped.add(response);
  return response;
}

/** @returns 200, and a connection that breaks in the middle of the body. */
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

/** @returns 302 to another place. */
export function redirectTo(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** @returns 302 to the very same URL, every time. */
export function redirectLoop(request: LoggedRequest): Response {
  return redirectTo(request.url.href);
}

/** @returns 200 and that many bytes of HTML, 30 MB where it is left out. */
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

/** @returns The sign-in page with 200, whatever was asked for. */
export function signInPage(request: LoggedRequest): Response {
  return new Response(loginPage(request.url.origin, request.path), {
    headers: { "content-type": "text/html;charset=utf-8" },
  });
}

/** @returns JSON with any status. */
export function jsonAnswer(body: unknown, status = 200): Response {
  return Response.json(body, { status });
}

/** Text that tries to break out of wherever it is shown: quotes, newlines, escapes, bidi marks. */
export const NASTY_TEXT =
  "]\n[evil]\naws_access_key_id = AKIA\r\n=;#'\"`$(touch /tmp/pwned)`&&|%PATH%\u001b[31m\u001b]0;title\u0007\u202egnp\u2066\u0000";
