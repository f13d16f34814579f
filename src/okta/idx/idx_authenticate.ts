/**
 * The password and the authenticators of an Identity Engine sign-in: their order, and the flow for
 * each.
 *
 * @module
 */

import type {
  Authenticator,
  AuthenticatorKind,
  FactorChallenge,
  StepResult,
} from "../factors/authenticator.ts";
import { preferred } from "../factors/factor_preference.ts";
import { processIdxResponse, submitRequest, UNAUTHORIZED } from "./idx.ts";
import { openIdxChallenge } from "./idx_challenge.ts";
import type { IdxTransaction } from "./idx_transaction.ts";
import type { Secret } from "../../secret.ts";
import { answerChallenge } from "../factors/answer.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { NetworkError, SignInError } from "../../errors.ts";
import { isRefusalOfApp } from "./idx_refusals.ts";
import { sendPassword } from "../factors/password.ts";

export interface IdxSignIn {
  account: SignInAccount;
  /** The page's origin. */
  origin: string;
  /** Whether the user name has been sent. */
  identified: boolean;
  /** Set once Okta has accepted it. */
  password?: Secret;
  /** Authenticators that Okta has accepted in this transaction. */
  taken: Set<string>;
  /** The last response: only its form can cancel. */
  latest?: IdxTransaction;
}

/**
 * Sends the password (stored, entered or accepted before) once.
 *
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 */
export async function provePassword(
  signIn: IdxSignIn,
  send: (password: Secret) => Promise<StepResult<IdxTransaction>>,
): Promise<IdxTransaction> {
  const { account } = signIn;
  const sent = await sendPassword(account, refusalsOf(send), signIn.password);
  signIn.password = sent.password;
  signIn.taken.add(PASSWORD);
  return sent.transaction;
}

/** Errors of the request itself, which was not sent. */
const NOT_SENT = ["idx_field", "left_org", "bad_link"];

/**
 * Okta may end the transaction in place of refusing the password, also with keys that we don't know: we
 * must not send it again. Only the policy of an app says nothing about the password.
 */
function refusalsOf(
  send: (password: Secret) => Promise<StepResult<IdxTransaction>>,
): typeof send {
  return async (password) => {
    try {
      const result = await send(password);
      if (result.kind !== "refused" || !isRefusalOfApp(result.error.code)) return result;
      throw result.error;
    } catch (caught) {
      const error = caught instanceof NetworkError && caught.code === UNAUTHORIZED
        ? new SignInError(caught.message, caught)
        : caught;
      const isRefusal = error instanceof SignInError && !isRefusalOfApp(error.code) &&
        !NOT_SENT.includes(error.code);
      if (!isRefusal) throw error;
      return { kind: "refused", reason: "wrong", says: error.message, error };
    }
  };
}

/**
 * Answers an authenticator. The password goes first, as on Classic.
 *
 * @throws {SignInError} Okta's refusal, or an authenticator that needs a browser.
 */
export async function authenticate(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
): Promise<IdxTransaction> {
  const { account, origin } = signIn;
  const { client } = account.session;
  const { cancelProbing } = transaction;
  const challenge = withoutTaken(
    signIn,
    openIdxChallenge({
      client,
      transaction,
      origin,
      seen: (transaction) => signIn.latest = transaction,
    }),
  );
  const { authenticators } = challenge;
  if (cancelProbing !== undefined && authenticators.every(({ kind }) => kind === "browser")) {
    const response = await submitRequest(client, cancelProbing);
    return processIdxResponse(response, "skip Okta Verify on this device");
  }
  const password = authenticators.find(({ kind }) => kind === "password");
  if (password === undefined || await goesFirst(signIn, authenticators)) {
    let chosen: Authenticator | undefined;
    const choose = (one: Authenticator) => challenge.choose(chosen = one);
    const next = await answerChallenge(account, { authenticators, choose });
    if (chosen !== undefined) signIn.taken.add(wordsFor(chosen));
    return next;
  }
  const session = await challenge.choose(password);
  return await provePassword(
    signIn,
    (secret) => session.answer({ kind: "password", password: secret }),
  );
}

const PASSWORD = "password";

/** Identifies an authenticator across responses. */
function wordsFor({ kind, factorType, provider, id }: Authenticator): string {
  return kind === "password" ? PASSWORD : [factorType, provider, id].join(" ");
}

/** Lists may contain authenticators that Okta has accepted already; a phone would ring again. */
function withoutTaken(
  { taken, latest }: IdxSignIn,
  challenge: FactorChallenge<IdxTransaction>,
): FactorChallenge<IdxTransaction> {
  const asks = latest?.current?.key === "okta_password" ? PASSWORD : undefined;
  const authenticators = challenge.authenticators.filter((one) =>
    !taken.has(wordsFor(one)) || wordsFor(one) === asks
  );
  return authenticators.length === 0 ? challenge : { ...challenge, authenticators };
}

/** These notify a phone, so they come after the password. */
const RINGING: readonly AuthenticatorKind[] = ["push", "sent_code", "duo"];

/** Whether the preferred factor goes first: it may suffice without the password. */
async function goesFirst(
  { account: { factors: { preference }, secrets }, password }: IdxSignIn,
  authenticators: readonly Authenticator[],
): Promise<boolean> {
  const { factorType, provider } = preference;
  if (factorType === undefined && provider === undefined) return false;
  const named = preferred(authenticators, preference)
    .filter(({ kind }) => kind !== "password" && kind !== "browser");
  if (named.length === 0) return false;
  const rings = named.some(({ kind }) => RINGING.includes(kind));
  return !rings || (password ?? (await secrets.read()).password) === undefined;
}
