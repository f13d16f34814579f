/**
 * What Okta's refusals of the device grant mean, and who can fix them.
 *
 * Sources: https://developer.okta.com/docs/reference/api/oidc/#possible-errors,
 * https://github.com/okta/okta-aws-cli/issues/153
 *
 * @module
 */

import type { OktaAwsError } from "../../errors.ts";
import { NetworkError, SignInError } from "../../errors.ts";
import { parseOAuthError } from "../../oauth/oauth_error.ts";
import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { oktaError } from "../client/error_codes.ts";

interface Meaning {
  /** Our name for it. */
  code: string;
  /** Found in Okta's description. */
  words: RegExp;
  hint: string;
}

/** All of them are `invalid_grant` or `invalid_request`: only the words tell them apart. */
const MEANINGS: readonly Meaning[] = [
  {
    code: "assurance_not_met",
    words: /assurance requirements are not met/i,
    hint:
      "the AWS app's policy asks for more than the sign-in in the browser gave (another factor, " +
      "a managed device, a new sign-in each time): ask your Okta administrator to give the OIDC " +
      "app the same policy, or set auth = auto",
  },
  {
    code: "web_sso_not_allowed",
    words: /allow the client to request a 'web_sso_token'/i,
    hint: "ask your Okta administrator: AWS app, Sign On, Allowed Web SSO Client has to be the " +
      "client id of your oidc_client_id",
  },
  {
    code: "scope_missing",
    words: /must have the 'okta\.apps\.sso' scope/i,
    hint: "ask your Okta administrator to grant the scope okta.apps.sso to the OIDC app",
  },
];

const HINTS: Readonly<Record<string, string>> = {
  access_denied: "run the command again to retry",
  invalid_client:
    "check oidc_client_id in the settings: it must be the client id of an active OIDC app of " +
    "type Native",
  unauthorized_client: "ask your Okta administrator to enable the grant types Device " +
    "Authorization and Token Exchange of the OIDC app",
  unsupported_grant_type: "ask your Okta administrator to enable the grant types Device " +
    "Authorization and Token Exchange of the OIDC app",
  invalid_scope: "ask your Okta administrator to grant the scope okta.apps.sso to the OIDC app",
  invalid_target:
    "check that the app is assigned to you, and set the account up again with its link from " +
    "your Okta home page: okta-aws init --sso-url URL",
  invalid_grant: "the sign-in has expired or was revoked: run the command again",
  web_sso_token_replayed: "run the command again",
  web_sso_token_invalid: "run the command again",
  web_sso_token_revoked: "run the command again",
};

const OTHER_HINT = "tell your Okta administrator this error and the client id in the settings";

/**
 * The error of an answer that refuses: `assurance_not_met`, `web_sso_not_allowed`, `scope_missing`,
 * or
 * Okta's own code.
 *
 * @param response Has OAuth's error body, or Okta's own.
 */
export function deviceGrantError(response: HttpResponse): OktaAwsError {
  const refusal = parseOAuthError(response.body);
  if (refusal === undefined) return oktaError(response, "sign in");
  const { error, description } = refusal;
  const meaning = MEANINGS.find(({ words }) => words.test(description));
  const words = showUntrusted(description || error);
  if (response.status === 429 || response.status >= 500) {
    return new NetworkError(`Okta could not sign in: ${words}`, {
      code: showUntrusted(error),
      hint: "Okta has a temporary problem: try again in a minute",
    });
  }
  if (error === "access_denied") {
    return new SignInError(`the sign-in was denied in the browser: ${words}`, {
      code: error,
      hint: HINTS[error],
    });
  }
  return new SignInError(`Okta rejected the device sign-in: ${words}`, {
    code: meaning?.code ?? showUntrusted(error),
    hint: meaning?.hint ?? (Object.hasOwn(HINTS, error) ? HINTS[error] : OTHER_HINT),
  });
}

/**
 * Whether a new sign-in may help after tokens of an earlier one were refused: they have expired,
 * were
 * revoked, or the app's policy wants a more recent sign-in.
 */
export function wantsNewSignIn(error: unknown): boolean {
  return error instanceof SignInError &&
    ["invalid_grant", "assurance_not_met", "invalid_token", "E0000011"].includes(error.code);
}
