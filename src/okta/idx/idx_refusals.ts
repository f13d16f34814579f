import { NetworkError, type OktaAwsError, SignInError } from "../../errors.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { hintOf } from "../client/error_codes.ts";
import { membersOf, textOf } from "./idx_json.ts";
import type { IdxMessage, IdxTransaction } from "./idx_transaction.ts";

interface Refusal {
  keys: RegExp;
  hint: string;
  words?: string;
  /** A temporary server failure. */
  passing?: true;
  /** A policy of this app; other apps may still open. */
  ofApp?: true;
}

const REFUSALS: readonly Refusal[] = [
  {
    keys: /^tooManyRequests$|\.operation\.rate|ratelimit/i,
    words: "too many requests",
    hint: "your org's rate limit is reached: try again in a minute",
    passing: true,
  },
  {
    keys: /device_assurance|end_user_remediation/,
    words: "your device does not meet the security requirements",
    hint:
      "fix what is listed and sign in with Okta Verify in a browser, or ask your Okta administrator " +
      "for a rule without device assurance for AWS",
    ofApp: true,
  },
  {
    keys: /^device_enrollment$|device\.not\.(?:registered|managed)|device\.management/,
    words: "this device must be registered with your company's device management",
    hint: "ask your Okta administrator how to register it, or for a rule without it",
    ofApp: true,
  },
  {
    keys: /user[._]not[._]assigned/,
    words: "the AWS app is not assigned to this user",
    hint: "ask your Okta administrator to assign the AWS app to you, or check the app's link",
    ofApp: true,
  },
  {
    keys: /assurance\.unsatisf|assurance_unsatisf|no\.authenticators/,
    words: "your enrolled factors don't satisfy the app's policy",
    hint:
      "enrol a security key or Okta Verify in the settings of your Okta page, or ask your Okta " +
      "administrator which factors the app's policy accepts",
    ofApp: true,
  },
  {
    keys: /session\.expired|expired\.session|transaction_resource_not_found|interaction\.expired/,
    words: "the sign-in took too long",
    hint: "try again",
  },
  {
    // OAuth's bare `access_denied` means that the user rejected the request.
    keys: /\.access[._]denied/,
    words: "access denied",
    hint: "ask your Okta administrator: the app's sign-on policy denied access (network, device, " +
      "group or risk; the System Log has the rule)",
    ofApp: true,
  },
  {
    keys: /suspended_factor|user\.locked|account\.locked/,
    words: "too many wrong answers",
    hint: "wait or unlock the account in the browser, or ask your Okta administrator",
  },
  {
    keys: /unknown\.user|no\.user/,
    words: "unknown user",
    hint: "check the user name with okta-aws init",
  },
  {
    keys: /^incorrectPassword$/,
    words: "wrong password",
    hint: "run okta-aws init to try again",
  },
  {
    keys: /identity\.provider/,
    hint: "sign in with a browser: this user has another identity provider",
  },
  {
    keys: /safe\.mode|E0000009$|E0000010$/,
    words: "Okta is in read-only mode",
    hint: "Okta has a temporary problem: try again in a minute",
    passing: true,
  },
];

const OTHER_HINT = "try in a browser; if that fails too, send the code to your Okta administrator";

/** Clearer than Okta's "Authentication failed". */
const WRONG_PASSWORD = /^(?:errors\.)?E0000004$/;

/** An error code inside a key: `errors.E0000004`. */
const ERROR_CODE = /^(?:errors\.)?(E\d{7})$/;

function refusalFor(key: string): Refusal {
  const code = ERROR_CODE.exec(key)?.[1];
  return REFUSALS.find(({ keys }) => keys.test(key)) ??
    { keys: ERROR_CODE, hint: (code && hintOf(code)) ?? OTHER_HINT };
}

/** Okta's codes for one app, and ours for a policy that takes only what a browser has. */
const APP_CODES: readonly string[] = ["E0000057", "E0000058", "E0000092", "fastpass_only"];

/** Whether an error of this code refuses one app alone: another one may still open. */
export function isRefusalOfApp(code: string): boolean {
  return APP_CODES.includes(code) || refusalFor(code).ofApp === true;
}

const MOST_MESSAGES = 8;

function wordsOf(messages: readonly IdxMessage[]): string {
  const words = messages.map(({ text, links: [link] }) =>
    showUntrusted(text) + (link === undefined || text === "" ? "" : ` (${showUntrusted(link)})`)
  );
  return [...new Set(words)].filter((text) => text !== "").slice(0, MOST_MESSAGES).join("; ");
}

/**
 * The error for Okta's messages: a {@linkcode SignInError} with Okta's key, or a {@linkcode
 * NetworkError} for a rate limit or a server failure.
 */
export function idxRefusal(
  { messages, status }: Pick<IdxTransaction, "messages" | "status">,
  doing: string,
): OktaAwsError {
  const errors = messages.filter(({ level }) => level === "ERROR");
  const told = errors.length > 0 ? errors : messages;
  // A general title may precede the specific message.
  const key = told.find(({ key }) => REFUSALS.some(({ keys }) => keys.test(key)))?.key ??
    told.find(({ key }) => key !== "")?.key ?? (status === 429 ? "tooManyRequests" : "idx_refused");
  const { hint, words, passing } = refusalFor(key);
  const says = wordsOf(told) || words || "no reason given";
  const details = { code: showUntrusted(key), hint };
  const message = WRONG_PASSWORD.test(key)
    ? `wrong user name or password (${showUntrusted(key)})`
    : `Okta could not ${doing}: ${says} (${showUntrusted(key)})`;
  return passing === true || status === 429 || status >= 500
    ? new NetworkError(message, details)
    : new SignInError(message, details);
}

/** The error of an OAuth body: `{error, error_description}`. */
export function oauthRefusal(
  { status, body }: HttpResponse,
  doing: string,
): OktaAwsError | undefined {
  let document;
  try {
    document = membersOf(JSON.parse(body));
  } catch {
    return undefined;
  }
  const code = textOf(document?.error);
  if (code === undefined) return undefined;
  const says = textOf(document?.error_description) ?? textOf(document?.message) ?? code;
  const message = `Okta could not ${doing}: ${showUntrusted(says)}`;
  const details = { code: showUntrusted(code), hint: OTHER_HINT };
  return status === 429 || status >= 500
    ? new NetworkError(message, {
      ...details,
      hint: "Okta has a temporary problem: try again in a minute",
    })
    : new SignInError(message, details);
}
