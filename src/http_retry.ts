/**
 * The one policy for requests that failed in passing, at Okta and at AWS: what may be sent again,
 * when, and for how long (docs/cli, "Output").
 *
 * @module
 */

import { NetworkError } from "./errors.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "./ports.ts";

/** How long all retries of one request may take, milliseconds, counted from its first failure. */
export const RETRY_MILLISECONDS = 15_000;

/** The same where a rate limit says when it ends. */
export const RATE_LIMIT_MILLISECONDS = 60_000;

/** Longer than this nobody waits without hearing why. */
const SILENT_MILLISECONDS = 1_000;

const FIRST_BACK_OFF_MILLISECONDS = 500;
const MOST_RETRIES = 4;
/** Somebody without a network should hear it within two seconds. */
const MOST_RETRIES_WITHOUT_DNS = 2;
/** A retry that would have less than this to finish in is not begun. */
const LEAST_TIMEOUT_MILLISECONDS = 5_000;

/** How one request may be repeated. */
export interface RetryOptions {
  /**
   * Whether sending it twice does no more than sending it once. A password or a code is never
   * idempotent: it is repeated only where the server can't have seen it (the connection was
   * refused, the name not found) or has turned it away unread (429).
   */
  idempotent: boolean;
  /**
   * Called every second while a rate limit is waited for, the last time with 0.
   * `reason` is a few words for a person.
   */
  onWait?: ((secondsLeft: number, reason: string) => void) | undefined;
  /** Whether an answer other than a 429 is a request to slow down, such as STS's 400 `Throttling`. */
  isThrottled?: ((response: HttpResponse) => boolean) | undefined;
  /** Ends a wait early: the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** A number from 0 to 1, for the jitter; `Math.random` where it is left out. */
  random?: (() => number) | undefined;
}

/** What to do about a failure. */
type Plan =
  | { kind: "give_up" }
  | { kind: "back_off"; milliseconds: number; retries: number }
  | { kind: "rate_limit"; milliseconds: number; reset: number };

type Outcome = HttpResponse | NetworkError;

const GIVE_UP: Plan = { kind: "give_up" };

/**
 * The wait before a retry: it doubles from half a second, and half of it is chance, so that the
 * processes of one machine don't come back all at once.
 *
 * @param retry Which retry it is, from 0.
 * @param random A number from 0 to 1.
 * @returns Milliseconds.
 */
export function backOffMilliseconds(retry: number, random: number): number {
  const most = FIRST_BACK_OFF_MILLISECONDS * 2 ** retry;
  return Math.round(most / 2 + most / 2 * random);
}

function headerNumber(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? "";
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A laptop's clock may be off by hours; the server's own is what its times are by. */
function serverClock(headers: Headers, now: number): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? now : date;
}

function retryAfterMilliseconds(headers: Headers, serverNow: number): number | undefined {
  const seconds = headerNumber(headers, "retry-after");
  if (seconds !== undefined) return seconds * 1000;
  const at = Date.parse(headers.get("retry-after") ?? "");
  return Number.isNaN(at) ? undefined : Math.max(0, at - serverNow);
}

/** Undefined for the limit on requests at one time, whose headers are those of another limit. */
function untilReset(headers: Headers, serverNow: number): number | undefined {
  const reset = headerNumber(headers, "x-rate-limit-reset");
  if (reset === undefined || (headerNumber(headers, "x-rate-limit-remaining") ?? 0) > 0) {
    return undefined;
  }
  const wait = reset * 1000 - serverNow;
  return wait > 0 ? wait : undefined;
}

/**
 * How long a 429 asks us to wait: until `X-Rate-Limit-Reset` by the server's own clock (its `Date`),
 * or `Retry-After`, whichever is later.
 *
 * @param headers The headers of the 429.
 * @param now Our clock, milliseconds since the Unix epoch; used where there is no `Date`.
 * @returns Milliseconds, or `undefined` where the answer doesn't say: no header, or Okta's limit on
 * requests at one time (`Remaining` above 0, or `Reset` in the past).
 * @see https://developer.okta.com/docs/reference/rl-best-practices/
 */
export function rateLimitMilliseconds(headers: Headers, now: number): number | undefined {
  const serverNow = serverClock(headers, now);
  const waits = [retryAfterMilliseconds(headers, serverNow), untilReset(headers, serverNow)]
    .filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Okta's word for what went wrong: `errorCode`, or, in Identity Engine's answers, a message's key. */
function errorKeyOf(body: string): string | undefined {
  try {
    const { errorCode, messages } = JSON.parse(body) ?? {};
    const key = errorCode ?? messages?.value?.[0]?.i18n?.key;
    return typeof key === "string" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The limit on requests, which ends by itself. */
const REQUEST_LIMIT = /^(?:tooManyRequests|(?:errors\.)?E0000047)$/;

/** "An SMS was recently sent" (E0000109) and its like are 429s that a retry can't help. */
function isFactorLimit(body: string): boolean {
  const key = errorKeyOf(body);
  return key !== undefined && !REQUEST_LIMIT.test(key);
}

function planForError(error: NetworkError, options: RetryOptions, backOff: number): Plan {
  const { code } = error;
  if (code === "dns") {
    return { kind: "back_off", milliseconds: backOff, retries: MOST_RETRIES_WITHOUT_DNS };
  }
  const dropped = code === "reset" || code === "network";
  if (code !== "refused" && !(dropped && options.idempotent)) return GIVE_UP;
  return { kind: "back_off", milliseconds: backOff, retries: MOST_RETRIES };
}

function planForResponse(
  response: HttpResponse,
  options: RetryOptions,
  backOff: number,
  now: number,
): Plan {
  const { status, headers, body } = response;
  if (status === 429) {
    if (isFactorLimit(body)) return GIVE_UP;
    const wait = rateLimitMilliseconds(headers, now);
    if (wait !== undefined) {
      return { kind: "rate_limit", milliseconds: wait + backOff, reset: wait };
    }
    return { kind: "back_off", milliseconds: backOff, retries: MOST_RETRIES };
  }
  const failing = [500, 502, 503, 504].includes(status) && options.idempotent;
  if (!failing && options.isThrottled?.(response) !== true) return GIVE_UP;
  const asked = retryAfterMilliseconds(headers, serverClock(headers, now)) ?? 0;
  return { kind: "back_off", milliseconds: Math.max(backOff, asked), retries: MOST_RETRIES };
}

async function attempt(http: HttpClient, request: HttpRequest): Promise<Outcome> {
  try {
    return await http.send(request);
  } catch (error) {
    if (error instanceof NetworkError) return error;
    throw error;
  }
}

function settle(outcome: Outcome): HttpResponse {
  if (outcome instanceof NetworkError) throw outcome;
  return outcome;
}

async function countDown(clock: Clock, milliseconds: number, options: RetryOptions): Promise<void> {
  const reason = "the server's rate limit";
  for (let left = milliseconds; left > 0; left -= 1000) {
    options.onWait?.(Math.ceil(left / 1000), reason);
    await clock.sleep(Math.min(1000, left), options.signal);
  }
  options.onWait?.(0, reason);
}

function planFor(outcome: Outcome, options: RetryOptions, retry: number, now: number): Plan {
  const backOff = backOffMilliseconds(retry, (options.random ?? Math.random)());
  return outcome instanceof NetworkError
    ? planForError(outcome, options, backOff)
    : planForResponse(outcome, options, backOff, now);
}

function waitWithin(plan: Plan, retry: number, left: number): number | undefined {
  switch (plan.kind) {
    case "give_up":
      return undefined;
    case "rate_limit":
      // A limit that outlasts us is not worth a wait: the caller can say when it ends. The server
      // counts whole seconds.
      return left > 0 && plan.reset <= left + 1000 ? Math.min(plan.milliseconds, left) : undefined;
    case "back_off": {
      const fits = plan.milliseconds + LEAST_TIMEOUT_MILLISECONDS <= left;
      return fits && retry < plan.retries ? plan.milliseconds : undefined;
    }
  }
}

/**
 * Sends a request, and sends it again where that can help: after 429s always, after 500, 502, 503,
 * 504 and dropped connections where it is idempotent, after refused connections and names not found
 * always. All retries are over {@linkcode RETRY_MILLISECONDS} after the first failure, or, where a
 * rate limit says when it ends, {@linkcode RATE_LIMIT_MILLISECONDS}; one that ends later is not waited
 * for at all. A request that timed out is not
 * sent again: its time is up.
 *
 * @param http Sends it.
 * @param clock Tells the time and waits.
 * @param request The request.
 * @param options Whether it may be repeated, and who is told.
 * @returns The last answer, whatever its status: a 429 or 503 that outlasted us as well.
 * @throws {NetworkError} The last failure, as `http` reported it.
 */
export async function sendWithRetry(
  http: HttpClient,
  clock: Clock,
  request: HttpRequest,
  options: RetryOptions,
): Promise<HttpResponse> {
  let outcome = await attempt(http, request);
  const failed = clock.now();
  let deadline = failed + RETRY_MILLISECONDS;
  let isTold = false;
  for (let retry = 0;; retry++) {
    const plan = planFor(outcome, options, retry, clock.now());
    if (plan.kind === "rate_limit") deadline = failed + RATE_LIMIT_MILLISECONDS;
    const wait = waitWithin(plan, retry, deadline - clock.now());
    if (wait === undefined) return settle(outcome);
    if (
      !isTold && outcome instanceof NetworkError &&
      clock.now() + wait - failed > SILENT_MILLISECONDS
    ) {
      isTold = true;
      http.onTrouble?.(outcome);
    }
    if (plan.kind === "rate_limit") await countDown(clock, wait, options);
    else await clock.sleep(wait, options.signal);
    const left = Math.max(LEAST_TIMEOUT_MILLISECONDS, deadline - clock.now());
    const timeoutMilliseconds = Math.min(request.timeoutMilliseconds ?? 30_000, left);
    outcome = await attempt(http, { ...request, timeoutMilliseconds });
  }
}
