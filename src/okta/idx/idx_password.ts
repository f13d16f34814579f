import type { HttpResponse } from "../../ports.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import type { StepResult } from "../factors/authenticator.ts";
import type { OktaClient } from "../client/client.ts";
import { processIdxResponse, submitRequest } from "./idx.ts";
import { idxMove, movesOn } from "./idx_move.ts";
import { ENDING, idxReason } from "./idx_factor_response.ts";
import { idxRefusal } from "./idx_refusals.ts";
import { errorMessage, type IdxForm, type IdxTransaction, remediation } from "./idx_transaction.ts";
import type { PasswordChange, PasswordWarning } from "../factors/password_change.ts";

/**
 * Sends the user name and, if the form has a field for it, the password. Returns `refused` if Okta
 * does not accept them.
 *
 * @throws {SignInError} Any other refusal.
 */
export async function identify(
  client: OktaClient,
  form: IdxForm,
  username: string,
  password: Secret | undefined,
  rememberDevice: boolean,
): Promise<StepResult<IdxTransaction>> {
  const answers = {
    identifier: username,
    credentials: password === undefined ? undefined : { passcode: password },
    rememberMe: rememberDevice,
  };
  const options = { password: password !== undefined };
  const response = await submitRequest(client, form, answers, options);
  return processIdentifyResponse(response, username);
}

/**
 * Returns `refused` if Okta shows the form again: unknown user or wrong password.
 *
 * @throws {SignInError} Any other refusal.
 */
export function processIdentifyResponse(
  response: HttpResponse,
  username: string,
): StepResult<IdxTransaction> {
  const doing = `sign ${showUntrusted(username)} in`;
  const transaction = processIdxResponse(response, doing);
  return isAccepted(transaction) ? { kind: "next", transaction } : refused(transaction, doing);
}

/** Okta may show a warning of class ERROR with the next step. */
function isAccepted(transaction: IdxTransaction): boolean {
  if (remediation(transaction, "identify") !== undefined) return false;
  const error = errorMessage(transaction);
  if (error === undefined || movesOn(transaction)) return true;
  const isRefusal = idxReason(error.key) === "wrong" || ENDING.test(error.key);
  return !isRefusal && idxMove(transaction).kind === "authenticate";
}

function refused(transaction: IdxTransaction, doing: string): StepResult<IdxTransaction> {
  const message = errorMessage(transaction) ?? transaction.messages[0];
  return {
    kind: "refused",
    reason: idxReason(message?.key ?? ""),
    says: showUntrusted(message?.text ?? ""),
    error: idxRefusal(transaction, doing),
  };
}

/** The password change that a form (`reenroll-authenticator` or similar) asks for. */
export function idxPasswordChange(
  client: OktaClient,
  transaction: IdxTransaction,
  form: IdxForm,
): PasswordChange<IdxTransaction> {
  let current = form;
  return {
    complexity: transaction.current?.complexity,
    wantsOld: false,
    async send(passcode) {
      const response = await submitRequest(client, current, { credentials: { passcode } });
      const doing = "change the password";
      const answered = processIdxResponse(response, doing);
      const again = remediation(answered, current.name);
      if (again === undefined || errorMessage(answered) === undefined) {
        return { kind: "next", transaction: answered };
      }
      current = again;
      return refused(answered, doing);
    },
  };
}

/** The warning that the password expires soon (`reenroll-authenticator-warning`). */
export function idxPasswordWarning(
  client: OktaClient,
  transaction: IdxTransaction,
): PasswordWarning<IdxTransaction> {
  const skip = remediation(transaction, "skip");
  const goOn = async (form: IdxForm) =>
    processIdxResponse(await submitRequest(client, form), "continue with the old password");
  return { days: transaction.current?.daysToExpiry, skip: skip && (() => goOn(skip)) };
}
