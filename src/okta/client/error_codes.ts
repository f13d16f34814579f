/**
 * Okta's error bodies, and a hint for each error code.
 *
 * Source: https://developer.okta.com/docs/reference/error-codes/
 *
 * @module
 */

import { NetworkError, type OktaAwsError, SignInError } from "../../errors.ts";
import { rateLimitMilliseconds } from "../../http_retry.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";

export interface OktaErrorBody {
  /** `E0000004`. */
  errorCode: string;
  /** Untrusted. */
  errorSummary: string;
  errorId: string | undefined;
  /** `errorCauses[].errorSummary`; untrusted. */
  causes: string[];
}

const HINTS: Readonly<Record<string, string>> = {
  E0000001: "check the user name and what is set up in the settings",
  E0000004: "the user name or the password is wrong, the account is locked, or the org's sign-on " +
    "policy refuses; it was tried once. To store another password: okta-aws init",
  E0000011: "the sign-in took too long: run the command again",
  E0000015: "your org has switched this feature off: ask its Okta administrator",
  E0000047: "your org's rate limit is used up: try again in a minute",
  E0000009: "Okta has a problem of its own: try again in a minute",
  E0000057: "the org's policy refuses this app: ask its Okta administrator",
  E0000064: "your password has expired: change it in the browser, then run okta-aws init",
  E0000068:
    "check the clock and, where the code comes from a stored secret, set it up again with " +
    "okta-aws init",
  E0000069:
    "too many wrong codes: unlock the account in the browser or ask your Okta administrator",
  E0000079: "the sign-in went another way than expected: run the command again",
  E0000082: "wait for the next code, then run the command again",
  E0000083: "is this machine's clock right? Otherwise run the command again",
  E0000085: "the org's sign-on policy refuses you now: ask its Okta administrator",
  E0000092: "the app wants a fresh sign-in: okta-aws signout, then run the command again",
  E0000109: "wait 30 seconds, then run the command again",
  E0000119: "the account is locked: unlock it in the browser or ask your Okta administrator",
  E0000150: "your SMS quota is used up: wait some hours, or choose another factor",
  E0000151: "your quota of calls is used up: wait some hours, or choose another factor",
  E0000207: "the user name or the password is wrong; it was tried once",
  E0000259: "the org's policy does not let you sign in now: ask its Okta administrator",
};

const OTHER_HINT = "try in a browser; if it fails there too, tell your Okta administrator the code";

/** `undefined` if the body is not an Okta error, such as a proxy's HTML. */
export function parseOktaError(body: string): OktaErrorBody | undefined {
  let document: Record<string, unknown> | null;
  try {
    document = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof document?.errorCode !== "string") return undefined;
  // `errorCauses` is null behind some proxies that rewrite the body.
  const causes = Array.isArray(document.errorCauses) ? document.errorCauses : [];
  return {
    errorCode: document.errorCode,
    errorSummary: String(document.errorSummary ?? ""),
    errorId: typeof document.errorId === "string" ? document.errorId : undefined,
    causes: causes.map((cause) => String(cause?.errorSummary ?? "")).filter((text) => text !== ""),
  };
}

/**
 * Whether a one-time code was correct but already used or too old: `E0000082`, `E0000083`, or
 * `E0000068` with a cause that says so.
 */
export function isUsedCode(error: OktaErrorBody): boolean {
  if (error.errorCode === "E0000082" || error.errorCode === "E0000083") return true;
  return error.errorCode === "E0000068" &&
    error.causes.some((cause) => /only be used once/i.test(cause));
}

export function hintOf(code: string): string | undefined {
  return Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
}

function describe(error: OktaErrorBody): string {
  const words = [error.errorSummary, ...error.causes].map(showUntrusted).filter((text) => text);
  const id = error.errorId === undefined ? "" : `, id ${showUntrusted(error.errorId)}`;
  return `${words.join(": ") || "no reason given"} (${showUntrusted(error.errorCode)}${id})`;
}

const MOST_LIMIT_MILLISECONDS = 24 * 3600 * 1000;

/** Based on the server's clock; `undefined` if the headers don't say when the limit ends. */
function limitHint({ status, headers }: HttpResponse): string | undefined {
  const now = Date.parse(headers.get("date") ?? "");
  if (status !== 429 || Number.isNaN(now)) return undefined;
  const wait = rateLimitMilliseconds(headers, now);
  // Longer than a day means a broken header.
  if (wait === undefined || wait > MOST_LIMIT_MILLISECONDS) return undefined;
  const seconds = Math.ceil(wait / 1000);
  const time = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  const until = new Date(now + wait).toISOString().slice(11, 19);
  return `your org's rate limit is used up until ${until} UTC: try again in ${time}`;
}

/**
 * The error for an unexpected response: a {@linkcode SignInError} with Okta's code, or a {@linkcode
 * NetworkError} for a rate limit, a server failure, or a response that is not Okta's.
 *
 * @param doing What failed, for "Okta could not …": "sign in".
 */
export function oktaError(response: HttpResponse, doing: string): OktaAwsError {
  const error = parseOktaError(response.body);
  if (error === undefined) {
    return new NetworkError(`Okta could not ${doing}: HTTP ${response.status} without an answer`, {
      code: "bad_answer",
      hint: limitHint(response) ??
        "is the address that of your Okta org, and is there a proxy in between?",
    });
  }
  const message = `Okta could not ${doing}: ${describe(error)}`;
  const isLimit = error.errorCode === "E0000047";
  const limit = isLimit ? limitHint(response) : undefined;
  const details = {
    code: error.errorCode,
    hint: limit ?? hintOf(error.errorCode) ?? OTHER_HINT,
  };
  const serversFault = response.status === 429 || response.status >= 500;
  return serversFault ? new NetworkError(message, details) : new SignInError(message, details);
}
