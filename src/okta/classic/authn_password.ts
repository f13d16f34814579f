import type { HttpResponse } from "../../ports.ts";
import { SignInError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StepResult } from "../factors/authenticator.ts";
import { processAuthnResponse } from "./authn.ts";
import type { AuthnTransaction } from "./authn_transaction.ts";
import type { OktaClient } from "../client/client.ts";
import { oktaError, type OktaErrorBody, parseOktaError } from "../client/error_codes.ts";
import type { PasswordChange, PasswordWarning } from "../factors/password_change.ts";

/** Wrong user name or password, an expired one, a locked account: it must not be sent again. */
const REFUSED = ["E0000004", "E0000064", "E0000069", "E0000119", "E0000207"];

/** The policy rejects the new password. */
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
 * Returns `refused` if user name or password is wrong or the account is locked, and for any 401, with a
 * reason or without.
 *
 * @throws {SignInError} Any other refusal.
 */
export function processPrimaryResponse(
  response: HttpResponse,
  username: string,
): StepResult<AuthnTransaction> {
  const doing = `sign ${showUntrusted(username)} in`;
  if (response.status === 401) return refused(response, doing);
  const result = read(response, REFUSED, doing);
  if (result.kind !== "next" || result.transaction.status !== "LOCKED_OUT") return result;
  return { kind: "refused", reason: "wrong", says: "", error: lockedOut() };
}

function refused(response: HttpResponse, doing: string): StepResult<AuthnTransaction> {
  const error = parseOktaError(response.body);
  if (error !== undefined) {
    const says = saysOf(error);
    return { kind: "refused", reason: "wrong", says, error: oktaError(response, doing) };
  }
  const message = `Okta could not ${doing}: HTTP 401 without a reason`;
  const hint = "check user name and password: okta-aws init; and whether a proxy blocks Okta";
  return {
    kind: "refused",
    reason: "wrong",
    says: "",
    error: new SignInError(message, { code: "http_401", hint }),
  };
}

/** The error for LOCKED_OUT. */
export function lockedOut(): SignInError {
  return new SignInError("your Okta account is locked", {
    code: "LOCKED_OUT",
    hint: "unlock it on your org's sign-in page, or ask your Okta administrator",
  });
}

/**
 * The password change that Okta asks for; `undefined` without a link (PASSWORD_EXPIRED,
 * PASSWORD_RESET).
 */
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

/** The warning that the password expires soon (PASSWORD_WARN). */
export function authnPasswordWarning(
  client: OktaClient,
  { skip, stateToken, passwordExpireDays }: AuthnTransaction,
): PasswordWarning<AuthnTransaction> {
  const goOn = async (href: string) =>
    processAuthnResponse(await client.post(href, { stateToken }), "continue with the old password");
  return { days: passwordExpireDays, skip: skip && (() => goOn(skip.href)) };
}
