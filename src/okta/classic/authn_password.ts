import type { HttpResponse } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StepResult } from "../factors/authenticator.ts";
import { processAuthnResponse } from "./authn.ts";
import type { AuthnTransaction } from "./authn_transaction.ts";
import type { OktaClient } from "../client/client.ts";
import { oktaError, type OktaErrorBody, parseOktaError } from "../client/error_codes.ts";
import type { PasswordChange, PasswordWarning } from "../factors/password_change.ts";

/** Okta's codes for a refused user name or password. */
const REFUSED = ["E0000004", "E0000207"];

/** Okta's codes for a new password that the policy does not take. */
const REFUSED_NEW = ["E0000014", "E0000080"];

function read(
  response: HttpResponse,
  refusals: readonly string[],
  doing: string,
): StepResult<AuthnTransaction> {
  const error = response.status === 200 ? undefined : parseOktaError(response.body);
  if (error === undefined || !refusals.includes(error.errorCode)) {
    return { kind: "next", transaction: processAuthnResponse(response, doing) };
  }
  return {
    kind: "refused",
    reason: "wrong",
    says: saysOf(error),
    error: oktaError(response, doing),
  };
}

function saysOf({ errorSummary, causes }: OktaErrorBody): string {
  return [errorSummary, ...causes].map(showUntrusted).join(": ");
}

/**
 * Reads the answer to user name and password.
 *
 * @returns `refused` where the password, or the user name, is wrong.
 * @throws {SignInError} Any other refusal.
 */
export function processPrimaryResponse(
  response: HttpResponse,
  username: string,
): StepResult<AuthnTransaction> {
  return read(response, REFUSED, `sign ${showUntrusted(username)} in`);
}

/** The change that a transaction asks for. */
export function authnPasswordChange(
  client: OktaClient,
  { next, status, complexity, stateToken }: AuthnTransaction,
): PasswordChange<AuthnTransaction> | undefined {
  if (next === undefined) return undefined;
  return {
    complexity,
    wantsOld: status === "PASSWORD_EXPIRED",
    async send(newPassword, oldPassword) {
      const response = await client.post(next.href, { stateToken, oldPassword, newPassword });
      return read(response, REFUSED_NEW, "change the password");
    },
  };
}

/** The warning that a transaction holds. */
export function authnPasswordWarning(
  client: OktaClient,
  { skip, stateToken, passwordExpireDays }: AuthnTransaction,
): PasswordWarning<AuthnTransaction> {
  const goOn = async (href: string) =>
    processAuthnResponse(await client.post(href, { stateToken }), "go on with the old password");
  return { days: passwordExpireDays, skip: skip && (() => goOn(skip.href)) };
}
