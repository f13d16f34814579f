import { processIdxResponse, submitRequest } from "./idx.ts";
import type { IdxAnswers } from "./idx_body.ts";
import { idxEnrollment } from "./idx_enrollment.ts";
import { type IdxMove, idxMove } from "./idx_move.ts";
import { identify, idxPasswordChange, idxPasswordWarning } from "./idx_password.ts";
import { idxRefusal } from "./idx_refusals.ts";
import { errorMessage, type IdxForm, type IdxTransaction } from "./idx_transaction.ts";
import type { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { unexpected } from "../factors/factor_errors.ts";
import { authenticate, type IdxSignIn, provePassword } from "./idx_authenticate.ts";
import { captchaAsked, onlyBrowser } from "./idx_errors.ts";
import { waitForOkta } from "./idx_wait.ts";
import { changePassword, skipPasswordWarning } from "../factors/password_change.ts";

/**
 * Takes the next step of an Identity Engine sign-in.
 *
 * @throws {SignInError} Okta's refusal, or a step that needs a browser.
 */
export async function nextIdx(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
): Promise<IdxTransaction> {
  const { account } = signIn;
  const { session: { client, rememberDevice }, interaction } = account;
  const move = idxMove(transaction);
  switch (move.kind) {
    case "done":
      return transaction;
    case "identify":
      return await tellWho(signIn, transaction, move);
    case "authenticate":
      return await authenticate(signIn, transaction);
    case "change_password": {
      const change = idxPasswordChange(client, transaction, move.form);
      return await changePassword(account, change, signIn.password);
    }
    case "warn_password":
      return await skipPasswordWarning(interaction, idxPasswordWarning(client, transaction));
    case "enroll": {
      const { enrollTotp } = await import("../factors/enroll_totp.ts");
      return await enrollTotp(account, idxEnrollment(client, transaction));
    }
    case "keep_signed_in":
      return await submit(signIn, move.form, { keepMeSignedIn: rememberDevice });
    case "go_on":
      await tellMessages(signIn, transaction);
      return await submit(signIn, move.form);
    case "wait":
      return await waitForOkta(signIn, move.form);
    case "refused":
      throw idxRefusal(transaction, `sign ${showUntrusted(account.username)} in`);
    case "browser":
      throw onlyBrowser(move.names, transaction);
  }
}

async function submit(
  { account: { session: { client } } }: IdxSignIn,
  form: IdxForm,
  answers: IdxAnswers = {},
): Promise<IdxTransaction> {
  return processIdxResponse(await submitRequest(client, form, answers), "continue the sign-in");
}

async function tellWho(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
  { form, takesPassword }: Extract<IdxMove, { kind: "identify" }>,
): Promise<IdxTransaction> {
  const { username, session: { client, rememberDevice } } = signIn.account;
  if (signIn.identified) throw idxRefusal(transaction, `sign ${showUntrusted(username)} in`);
  if (form.fields.some(({ name }) => name === "captchaVerify")) throw captchaAsked();
  signIn.identified = true;
  if (takesPassword) {
    const send = (password: Secret) => identify(client, form, username, password, rememberDevice);
    const next = await provePassword(signIn, send);
    await tellWarning(signIn, next);
    return next;
  }
  const result = await identify(client, form, username, undefined, rememberDevice);
  if (result.kind !== "next") throw unexpected(result);
  await tellWarning(signIn, result.transaction);
  return result.transaction;
}

/** An error beside which the sign-in continues; `go_on` tells its messages itself. */
async function tellWarning(signIn: IdxSignIn, transaction: IdxTransaction): Promise<void> {
  if (errorMessage(transaction) === undefined || idxMove(transaction).kind === "go_on") return;
  await tellMessages(signIn, transaction);
}

async function tellMessages(
  { account: { interaction } }: IdxSignIn,
  { messages }: IdxTransaction,
): Promise<void> {
  const words = messages.map(({ text }) => showUntrusted(text)).filter((text) => text !== "");
  if (words.length > 0) await interaction.say(`Okta says: ${words.join("; ")}`);
}
