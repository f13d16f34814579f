/**
 * The retry policy for requests to Okta and AWS: which failures are retried, when, and for how long.
 *
 * @module
 */

import { NetworkError } from "./errors.ts";
import type { Clock, HttpClient, HttpRequest, HttpResponse } from "./ports.ts";

/** Time limit for all retries of one request, counted from its first failure. */
export const RETRY_MILLISECONDS = 15_000;

/** The same when a rate limit says when it ends. */
export const RATE_LIMIT_MILLISECONDS = 60_000;

/** After this long the user is told why we wait. */
const SILENT_MILLISECONDS = 1_000;

const FIRST_BACK_OFF_MILLISECONDS = 500;
const MOST_RETRIES = 4;
/** Without a network we fail within two seconds. */
const MOST_RETRIES_WITHOUT_DNS = 2;
/** A retry that would have less time than this is not started. */
const LEAST_TIMEOUT_MILLISECONDS = 5_000;

export interface RetryOptions {
  /**
   * Whether sending it twice has the same effect as once. A password or code is never idempotent: it
   * is only repeated if the server can't have seen it (connection refused, name not found) or rejected
   * it unread (429).
   */
  idempotent: boolean;
  /**
   * For a password: a 429 is answered by at most so many retries, within
   * {@linkcode RETRY_MILLISECONDS}, whatever its reset.
   */
  mostRetries?: number | undefined;
  /** Called every second during a rate limit, the last time with 0. `reason` is for the user. */
  onWait?: ((secondsLeft: number, reason: string) => void) | undefined;
  /** Whether a response other than 429 asks us to slow down, such as STS's 400 `Throttling`. */
  isThrottled?: ((response: HttpResponse) => boolean) | undefined;
  /** Ends a wait; the promise rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** From 0 to 1, for the jitter (default: `Math.random`). */
  random?: (() => number) | undefined;
}

type Plan =
  | { kind: "give_up" }
  | { kind: "back_off"; milliseconds: number; retries: number }
  | { kind: "rate_limit"; milliseconds: number; reset: number };

type Outcome = HttpResponse | NetworkError;

const GIVE_UP: Plan = { kind: "give_up" };

/**
 * The wait before a retry (the first is 0): it doubles from half a second. Half of it is random, so
 * that the processes of one machine don't all retry at the same time.
 */
export function backOffMilliseconds(retry: number, random: number): number {
  const most = FIRST_BACK_OFF_MILLISECONDS * 2 ** retry;
  return Math.round(most / 2 + most / 2 * random);
}

function headerNumber(headers: Headers, name: string): number | undefined {
  const text = headers.get(name)?.trim() ?? "";
  return /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** A laptop's clock may be off by hours, so we use the server's for its times. */
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

/** `undefined` for the limit on concurrent requests, whose headers are those of another limit. */
function untilReset(headers: Headers, serverNow: number): number | undefined {
  const reset = headerNumber(headers, "x-rate-limit-reset");
  if (reset === undefined || (headerNumber(headers, "x-rate-limit-remaining") ?? 0) > 0) {
    return undefined;
  }
  const wait = reset * 1000 - serverNow;
  return wait > 0 ? wait : undefined;
}

/**
 * How long a 429 asks us to wait: until `X-Rate-Limit-Reset` by the server's clock (its `Date`, or else
 * `now`) or `Retry-After`, whichever is later. `undefined` if there is no such header, if the wait is
 * already over (`Retry-After: 0`), and for Okta's limit on concurrent requests (`Remaining` above 0, or
 * `Reset` in the past).
 *
 * @see https://developer.okta.com/docs/reference/rl-best-practices/
 */
export function rateLimitMilliseconds(headers: Headers, now: number): number | undefined {
  const serverNow = serverClock(headers, now);
  const waits = [retryAfterMilliseconds(headers, serverNow), untilReset(headers, serverNow)]
    .filter((wait): wait is number => wait !== undefined && wait > 0);
  return waits.length === 0 ? undefined : Math.max(...waits);
}

/** Okta's `errorCode`, or the key of a message from Identity Engine. */
function errorKeyOf(body: string): string | undefined {
  try {
    const { errorCode, messages } = JSON.parse(body) ?? {};
    const key = errorCode ?? messages?.value?.[0]?.i18n?.key;
    return typeof key === "string" ? key : undefined;
  } catch {
    return undefined;
  }
}

/** The limit on requests, which ends after a while. */
const REQUEST_LIMIT = /^(?:tooManyRequests|(?:errors\.)?E0000047)$/;

/** For some 429s a retry is useless, such as "An SMS was recently sent" (E0000109). */
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
  { backOff, now }: { backOff: number; now: number },
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

function planFor(
  outcome: Outcome,
  options: RetryOptions,
  { retry, now }: { retry: number; now: number },
): Plan {
  const isResponse = !(outcome instanceof NetworkError);
  if (isResponse && retry >= (options.mostRetries ?? Infinity)) return GIVE_UP;
  const backOff = backOffMilliseconds(retry, (options.random ?? Math.random)());
  return outcome instanceof NetworkError
    ? planForError(outcome, options, backOff)
    : planForResponse(outcome, options, { backOff, now });
}

function waitWithin(plan: Plan, retry: number, left: number): number | undefined {
  switch (plan.kind) {
    case "give_up":
      return undefined;
    case "rate_limit":
      // We don't wait for a limit that lasts longer than we may: the caller reports when it ends. The
      // server counts whole seconds.
      return left > 0 && plan.reset <= left + 1000 ? Math.min(plan.milliseconds, left) : undefined;
    case "back_off": {
      const fits = plan.milliseconds + LEAST_TIMEOUT_MILLISECONDS <= left;
      return fits && retry < plan.retries ? plan.milliseconds : undefined;
    }
  }
}

/**
 * Sends a request and retries it: always after a 429, a refused connection or an unknown name; if it is
 * idempotent, also after 500, 502, 503, 504 and dropped connections. Timeouts are not retried.
 *
 * Retries end {@linkcode RETRY_MILLISECONDS} after the first failure, or
 * {@linkcode RATE_LIMIT_MILLISECONDS} if a rate limit says when it ends; a limit that ends later is not
 * waited for. The last response is returned whatever its status, even 429 or 503.
 *
 * @throws {NetworkError} The last failure, as `http` reported it.
 */
export async function sendWithRetry(
  { http, clock }: { http: HttpClient; clock: Clock },
  request: HttpRequest,
  options: RetryOptions,
): Promise<HttpResponse> {
  let outcome = await attempt(http, request);
  const failed = clock.now();
  let deadline = failed + RETRY_MILLISECONDS;
  let isTold = false;
  for (let retry = 0;; retry++) {
    const plan = planFor(outcome, options, { retry, now: clock.now() });
    if (plan.kind === "rate_limit" && options.mostRetries === undefined) {
      deadline = failed + RATE_LIMIT_MILLISECONDS;
    }
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
