/**
 * One move of a sign-in by the Identity Engine.
 *
 * @module
 */

import { NetworkError } from "../errors.ts";
import type { Authenticator, FactorChallenge } from "../okta/authenticator.ts";
import { preferred } from "../okta/factors.ts";
import { openIdxChallenge } from "../okta/idx_challenge.ts";
import { idxEnrollment } from "../okta/idx_enrollment.ts";
import { processIdxResponse, submitRequest } from "../okta/idx.ts";
import type { IdxAnswers } from "../okta/idx_body.ts";
import { type IdxMove, idxMove } from "../okta/idx_move.ts";
import { identify, idxPasswordChange, idxPasswordWarning } from "../okta/idx_password.ts";
import { idxRefusal } from "../okta/idx_refusals.ts";
import { type IdxForm, type IdxTransaction, remediation } from "../okta/idx_transaction.ts";
import type { Secret } from "../secret.ts";
import { showUntrusted } from "../untrusted_text.ts";
import type { Conversation } from "./conversation.ts";
import { answerChallenge } from "./factors/answer.ts";
import { unexpected } from "./factors/factor_errors.ts";
import { captchaAsked, onlyBrowser } from "./idx_errors.ts";
import type { OktaAccount } from "./okta_account.ts";
import { sendPassword } from "./send_password.ts";
import { changePassword, skipPasswordWarning } from "./states/password_expired.ts";

/** A sign-in that is under way. */
export interface IdxSignIn {
  /** The Okta account. */
  account: OktaAccount;
  /** Who is told and asked. */
  conversation: Conversation;
  /** The page to name where only a browser can go on. */
  address: string;
  /** The page's origin. */
  origin: string;
  /** Whether Okta has been told who signs in. */
  identified: boolean;
  /** The password, once Okta has taken it. */
  password?: Secret;
  /** The newest answer: its form is the one to cancel with. */
  latest?: IdxTransaction;
}

/** How long a read-only Okta is waited for, and how long between two looks where it does not say. */
const PATIENCE_MILLISECONDS = 60_000;
const PAUSE_MILLISECONDS = 3_000;

/**
 * Makes the next move.
 *
 * @param signIn The sign-in.
 * @param transaction How it stands.
 * @returns How it stands then.
 * @throws {SignInError} Okta's refusal, or what only a browser can do.
 */
export async function nextIdx(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
): Promise<IdxTransaction> {
  const { account, conversation } = signIn;
  const { client } = account;
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
      return await changePassword(account, conversation, change, signIn.password);
    }
    case "warn_password":
      return await skipPasswordWarning(conversation, idxPasswordWarning(client, transaction));
    case "enroll": {
      const { enrollTotp } = await import("./states/enroll_totp.ts");
      return await enrollTotp(account, conversation, idxEnrollment(client, transaction));
    }
    case "keep_signed_in":
      return await submit(signIn, move.form, { keepMeSignedIn: account.rememberDevice });
    case "go_on":
      await tellMessages(signIn, transaction);
      return await submit(signIn, move.form);
    case "wait":
      return await wait(signIn, move.form);
    case "refused":
      throw idxRefusal(transaction, `sign ${showUntrusted(account.username)} in`);
    case "browser":
      throw onlyBrowser(move.names, transaction, signIn.address);
  }
}

async function submit(
  { account: { client } }: IdxSignIn,
  form: IdxForm,
  answers: IdxAnswers = {},
): Promise<IdxTransaction> {
  return processIdxResponse(await submitRequest(client, form, answers), "go on with the sign-in");
}

async function tellWho(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
  { form, takesPassword }: Extract<IdxMove, { kind: "identify" }>,
): Promise<IdxTransaction> {
  const { account, conversation } = signIn;
  const { client, username, rememberDevice } = account;
  if (signIn.identified) throw idxRefusal(transaction, `sign ${showUntrusted(username)} in`);
  if (form.fields.some(({ name }) => name === "captchaVerify")) throw captchaAsked(signIn.address);
  signIn.identified = true;
  if (takesPassword) {
    const send = (password: Secret) => identify(client, form, username, password, rememberDevice);
    return await provePassword(signIn, send);
  }
  await conversation.say(`signing in as ${showUntrusted(username)}`);
  const result = await identify(client, form, username, undefined, rememberDevice);
  if (result.kind !== "next") throw unexpected(result);
  return result.transaction;
}

async function provePassword(
  signIn: IdxSignIn,
  send: Parameters<typeof sendPassword<IdxTransaction>>[2],
): Promise<IdxTransaction> {
  const { account, conversation } = signIn;
  const sent = await sendPassword(account, conversation, send, signIn.password);
  signIn.password = sent.password;
  return sent.transaction;
}

/** The password goes first, as on Classic, where it is never a question which factor it is. */
async function authenticate(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
): Promise<IdxTransaction> {
  const { account, conversation, origin } = signIn;
  const { cancelProbing } = transaction;
  const challenge = withoutProvenPassword(
    signIn,
    openIdxChallenge({
      client: account.client,
      transaction,
      origin,
      seen: (transaction) => signIn.latest = transaction,
    }),
  );
  const { authenticators } = challenge;
  if (cancelProbing !== undefined && authenticators.every(({ kind }) => kind === "browser")) {
    return await submit(signIn, cancelProbing);
  }
  const password = authenticators.find(({ kind }) => kind === "password");
  if (password === undefined || isNamed(signIn, authenticators)) {
    return await answerChallenge(account, conversation, challenge);
  }
  const session = await challenge.choose(password);
  return await provePassword(
    signIn,
    (secret) => session.answer({ kind: "password", password: secret }),
  );
}

/** Menus may list the password that Okta has taken already: nothing is won by it. */
function withoutProvenPassword(
  { password, latest }: IdxSignIn,
  challenge: FactorChallenge<IdxTransaction>,
): FactorChallenge<IdxTransaction> {
  if (password === undefined || latest?.current?.key === "okta_password") return challenge;
  const authenticators = challenge.authenticators.filter(({ kind }) => kind !== "password");
  return authenticators.length === 0 ? challenge : { ...challenge, authenticators };
}

/** A factor that the person has named may be enough without the password. */
function isNamed(
  { account: { preference } }: IdxSignIn,
  authenticators: readonly Authenticator[],
): boolean {
  const { factorType, provider } = preference;
  if (factorType === undefined && provider === undefined) return false;
  return preferred(authenticators, preference)
    .some(({ kind }) => kind !== "password" && kind !== "browser");
}

async function tellMessages(
  { conversation }: IdxSignIn,
  { messages }: IdxTransaction,
): Promise<void> {
  const words = messages.map(({ text }) => showUntrusted(text)).filter((text) => text !== "");
  if (words.length > 0) await conversation.say(`Okta says: ${words.join("; ")}`);
}

/** Okta in safe mode: it will go on by itself. */
async function wait(signIn: IdxSignIn, form: IdxForm): Promise<IdxTransaction> {
  const { account: { client }, conversation } = signIn;
  const { clock } = client;
  const end = clock.now() + PATIENCE_MILLISECONDS;
  await conversation.say("Okta asks to wait a moment");
  for (let again: IdxForm | undefined = form; again !== undefined;) {
    if (clock.now() > end) throw stillWaiting();
    await clock.sleep(again.refresh ?? PAUSE_MILLISECONDS);
    const response = await submitRequest(client, again, {}, { idempotent: true });
    const transaction = processIdxResponse(response, "go on with the sign-in");
    again = remediation(transaction, "poll");
    if (again === undefined || transaction.remediations.length > 1) return transaction;
  }
  throw stillWaiting();
}

function stillWaiting(): NetworkError {
  return new NetworkError("Okta asks to wait, again and again", {
    code: "safe_mode",
    hint: "Okta has a problem of its own: try again in a few minutes",
  });
}
