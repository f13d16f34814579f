/** The headers of every Okta answer, and 429. */

import { oktaNow } from "../clock.ts";
import { base64Text } from "../random_text.ts";
import type { LoggedRequest } from "../request_log.ts";
import type { State } from "../state.ts";
import type { World } from "../world.ts";
import { oktaError } from "./errors.ts";
import { ion, ionResponse, problem } from "./idx/ion.ts";

const LIMITS: [string, number][] = [
  ["/api/v1/authn", 600],
  ["/idp/idx", 600],
  ["/api/v1/sessions", 750],
  ["/api/v1/users/me", 40],
  ["/app/", 750],
  ["/home/", 750],
  ["/", 10000],
];

/** The values of the three rate limit headers. */
interface Budget {
  limit: number;
  remaining: number;
  /** Epoch seconds. */
  reset: number;
}

function countRequest(world: World, state: State, request: LoggedRequest): Budget {
  const [prefix, limit] = LIMITS.find(([path]) => request.path.startsWith(path))!;
  const minute = Math.floor(oktaNow(world.clock) / 60_000);
  const seen = state.rateBuckets.get(prefix);
  const count = seen?.minute === minute ? seen.count + 1 : 1;
  state.rateBuckets.set(prefix, { minute, count });
  return { limit, remaining: Math.max(0, limit - count), reset: (minute + 1) * 60 };
}

/** 429 of Identity Engine: no stateHandle, no remediation. */
function ionTooMany(): Response {
  const messages = ion([problem("tooManyRequests", "Too many requests")]);
  return ionResponse({ version: "1.0.0", messages }, 429);
}

/** The 429 if the path is in `world.throttles`, whose count it lowers. */
export function throttled(world: World, request: LoggedRequest): Response | undefined {
  const throttle = world.throttles.find(({ path, times }) =>
    times > 0 && request.path.startsWith(path)
  );
  if (!throttle) return undefined;
  throttle.times -= 1;
  const reset = Math.ceil(oktaNow(world.clock) / 1000) + throttle.resetInSeconds;
  const response = request.path.startsWith("/idp/idx/")
    ? ionTooMany()
    : oktaError(world, "E0000047");
  response.headers.set("X-Rate-Limit-Limit", "600");
  response.headers.set("X-Rate-Limit-Remaining", "0");
  response.headers.set("X-Rate-Limit-Reset", String(reset));
  return response;
}

/** Okta recognises a browser by its `DT` cookie, and sets one if it is missing. */
function addDeviceCookie(request: LoggedRequest, headers: Headers): void {
  const gives = /^\/(api\/v1\/authn|idp\/idx)/.test(request.path) ||
    headers.get("content-type")?.startsWith("text/html");
  const has = request.cookies.has("DT") || headers.getSetCookie().some((one) => /^DT=/.test(one));
  if (has || !gives) return;
  const value = base64Text(20).replace(/[+/]/g, "-");
  headers.append("set-cookie", `DT=DI0${value}; Expires=Wed, 31 Dec 2098 23:59:59 GMT; Path=/`);
}

/** Adds the headers of every Okta answer; existing ones stay. */
export function addOktaHeaders(
  world: World,
  state: State,
  request: LoggedRequest,
  response: Response,
): Response {
  const { limit, remaining, reset } = countRequest(world, state, request);
  const headers = new Headers(response.headers);
  const add = (name: string, value: string) => headers.has(name) || headers.set(name, value);
  add("X-Rate-Limit-Limit", String(limit));
  add("X-Rate-Limit-Remaining", String(remaining));
  add("X-Rate-Limit-Reset", String(reset));
  add("X-Okta-Request-Id", `Z${base64Text(26)}`);
  add("Cache-Control", "no-cache, no-store");
  add("Pragma", "no-cache");
  add("Expires", "0");
  addDeviceCookie(request, headers);
  headers.set("Date", new Date(oktaNow(world.clock)).toUTCString());
  return new Response(response.body, { status: response.status, headers });
}
