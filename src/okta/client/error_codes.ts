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
  /** For Okta's support; shown with `--debug`. */
  errorId: string | undefined;
  /** `errorCauses[].errorSummary`; untrusted. */
  causes: string[];
}

const NO_SMS = "wait some hours (SMS quota reached), or choose another factor";
const NO_CALL = "wait some hours (call quota reached), or choose another factor";
const NO_TELEPHONY =
  "Okta's SMS and calls have a problem: try again later, or choose another factor";
const IN_BROWSER = "your org does not allow that here: use your Okta page in a browser";

const HINTS: Readonly<Record<string, string>> = {
  E0000001: "check the user name and the settings",
  E0000004:
    "run okta-aws init to try again; with the right password, the account may be locked or " +
    "blocked by the org's sign-on policy",
  E0000005: "the session is over: run okta-aws signout, then try again",
  E0000006: "ask your Okta administrator for the permission",
  E0000007: "check the org and the app's link: okta-aws init",
  E0000009: "Okta has a temporary problem: try again in a minute",
  E0000011: "the sign-in took too long: run the command again",
  E0000014: "choose another new password, or change it in the browser",
  E0000015: "ask your Okta administrator to enable this feature",
  E0000034: IN_BROWSER,
  E0000035: IN_BROWSER,
  E0000047: "your org's rate limit is reached: try again in a minute",
  E0000057: "ask your Okta administrator: the org's policy denies this app",
  E0000058: "the app wants another factor: run okta-aws signout, then try again",
  E0000064: "change the expired password in the browser, then run okta-aws init",
  E0000068: "check the clock; if okta-aws computes the code, set it up again with okta-aws init",
  E0000069:
    "unlock the account in the browser or ask your Okta administrator (too many wrong codes)",
  E0000073: "if you did not reject it, check Okta Verify on your phone; otherwise try again",
  E0000074: "the factor's service has a problem: try again, or choose another factor",
  E0000079: "try again: the sign-in was in an unexpected state",
  E0000080: "choose a new password that meets your org's rules",
  E0000082: "wait for the next code, then try again",
  E0000083: "check this computer's clock, then try again",
  E0000085: "ask your Okta administrator: the org's sign-on policy denies access",
  E0000092: "run okta-aws signout, then try again: the app wants a new sign-in",
  E0000098: "correct your phone number in the settings of your Okta page",
  E0000109: "wait 30 seconds, then try again",
  E0000113: "the token needs a new PIN: run okta-aws signin in a terminal",
  E0000118: "wait 5 seconds, then try again",
  E0000119: "unlock the account in the browser or ask your Okta administrator",
  E0000133: "wait 30 seconds, then try again",
  E0000138: NO_TELEPHONY,
  E0000139: NO_TELEPHONY,
  E0000146: NO_SMS,
  E0000147: NO_CALL,
  E0000150: NO_SMS,
  E0000151: NO_CALL,
  E0000186: "your org's SMS for this month are used up: choose another factor",
  E0000204: NO_SMS,
  E0000205: NO_CALL,
  E0000207: "run okta-aws init to try again",
  E0000259: "ask your Okta administrator: the org's policy does not allow this sign-in",
};

const OTHER_HINT = "try in a browser; if that fails too, send the code to your Okta administrator";

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
    errorSummary: textOf(document.errorSummary),
    errorId: typeof document.errorId === "string" ? document.errorId : undefined,
    causes: causes.map((cause) => textOf(cause?.errorSummary)).filter((text) => text !== ""),
  };
}

/** Behind a broken proxy it may be of any type. */
function textOf(value: unknown): string {
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
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

/** Clearer than Okta's "Authentication failed". */
const WRONG_PASSWORD = ["E0000004", "E0000207"];

function describe(error: OktaErrorBody, doing: string): string {
  if (WRONG_PASSWORD.includes(error.errorCode)) {
    return "wrong user name or password";
  }
  const texts = [error.errorSummary, ...error.causes].map(showUntrusted).filter((text) => text);
  const reason = texts.join(": ") || "no reason given";
  return `Okta could not ${doing}: ${reason} (${showUntrusted(error.errorCode)})`;
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
  return `your org's rate limit is reached until ${until} UTC: try again in ${time}`;
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
    return new NetworkError(
      `Okta could not ${doing}: unexpected response (HTTP ${response.status})`,
      {
        code: "bad_answer",
        hint: limitHint(response) ??
          (response.status === 429 || response.status >= 500
            ? "try again in a minute; if it fails again, check whether a proxy blocks Okta"
            : "check the org's URL, and whether a proxy blocks it"),
      },
    );
  }
  const message = describe(error, doing);
  const isLimit = error.errorCode === "E0000047";
  const limit = isLimit ? limitHint(response) : undefined;
  const details = {
    code: error.errorCode,
    hint: limit ?? hintOf(error.errorCode) ?? OTHER_HINT,
    reference: [error.errorCode, error.errorId && `error id ${error.errorId}`]
      .filter((text) => text).map(showUntrusted).join(", "),
  };
  const serversFault = response.status === 429 || response.status >= 500;
  return serversFault ? new NetworkError(message, details) : new SignInError(message, details);
}
