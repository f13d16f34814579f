/**
 * The password and the authenticators of a sign-in by the Identity Engine: what goes first, and by
 * which flow each is answered.
 *
 * @module
 */

import type {
  Authenticator,
  AuthenticatorKind,
  FactorChallenge,
  StepResult,
} from "../factors/authenticator.ts";
import { preferred } from "../factors/factors.ts";
import { processIdxResponse, submitRequest } from "./idx.ts";
import { openIdxChallenge } from "./idx_challenge.ts";
import type { IdxTransaction } from "./idx_transaction.ts";
import type { Secret } from "../../secret.ts";
import type { Interaction } from "../../app/interaction.ts";
import { answerChallenge } from "../factors/answer.ts";
import type { OktaAccount } from "../sign_in/okta_account.ts";
import { sendPassword } from "../sign_in/send_password.ts";

/** A sign-in that is under way. */
export interface IdxSignIn {
  /** The Okta account. */
  account: OktaAccount;
  /** Who is told and asked. */
  interaction: Interaction;
  /** The page to name where only a browser can go on. */
  address: string;
  /** The page's origin. */
  origin: string;
  /** Whether Okta has been told who signs in. */
  identified: boolean;
  /** The password, once Okta has taken it. */
  password?: Secret;
  /** What Okta has taken in this transaction. */
  taken: Set<string>;
  /** The newest answer: its form is the one to cancel with. */
  latest?: IdxTransaction;
}

/**
 * Sends the password, stored, typed or taken before, once.
 *
 * @param signIn The sign-in.
 * @param send Sends it.
 * @returns How the sign-in stands then.
 * @throws {SignInError} Okta's refusal, or `password_refused_before`.
 */
export async function provePassword(
  signIn: IdxSignIn,
  send: (password: Secret) => Promise<StepResult<IdxTransaction>>,
): Promise<IdxTransaction> {
  const { account } = signIn;
  const sent = await sendPassword(account, send, signIn.password);
  signIn.password = sent.password;
  signIn.taken.add(PASSWORD);
  return sent.transaction;
}

/**
 * Answers an authenticator. The password goes first, as on Classic, where it is never a question
 * which factor it is.
 *
 * @param signIn The sign-in.
 * @param transaction It waits for an authenticator.
 * @returns How it stands then.
 * @throws {SignInError} Okta's refusal, or an authenticator that a terminal can't serve.
 */
export async function authenticate(
  signIn: IdxSignIn,
  transaction: IdxTransaction,
): Promise<IdxTransaction> {
  const { account, origin } = signIn;
  const { cancelProbing } = transaction;
  const challenge = withoutTaken(
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
    const response = await submitRequest(account.client, cancelProbing);
    return processIdxResponse(response, "do without Okta Verify on this device");
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

/** An authenticator is known again by these, whichever answer lists it. */
function wordsFor({ kind, factorType, provider, id }: Authenticator): string {
  return kind === "password" ? PASSWORD : [factorType, provider, id].join(" ");
}

/** Menus may list what Okta has taken already: nothing is won by it, and a phone would ring again. */
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

/** These make a phone ring: not for somebody who may not even have the password. */
const RINGING: readonly AuthenticatorKind[] = ["push", "sent_code", "duo"];

/** Whether a factor that the person has named goes first: it may be enough without the password. */
async function goesFirst(
  { account: { preference, secrets }, password }: IdxSignIn,
  authenticators: readonly Authenticator[],
): Promise<boolean> {
  const { factorType, provider } = preference;
  if (factorType === undefined && provider === undefined) return false;
  const named = preferred(authenticators, preference)
    .filter(({ kind }) => kind !== "password" && kind !== "browser");
  if (named.length === 0) return false;
  const rings = named.some(({ kind }) => RINGING.includes(kind));
  return !rings || (password ?? (await secrets()).password) === undefined;
}
