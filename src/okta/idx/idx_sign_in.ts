/**
 * The Identity Engine sign-in: answers what Okta asks for at the app's page until it succeeds.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { cancelIdx, introspectRequest, processIdxResponse } from "./idx.ts";
import type { IdxTransaction } from "./idx_transaction.ts";
import type { Secret } from "../../secret.ts";
import type { SignInAccount } from "../factors/factor_context.ts";
import { finishTransaction } from "../factors/finish_transaction.ts";
import type { IdxSignIn } from "./idx_authenticate.ts";
import { nextIdx } from "./idx_next.ts";
import { isRefusalOfApp } from "./idx_refusals.ts";

export interface IdxPage {
  stateToken: Secret;
  /** May be a custom domain of the org. */
  origin: string;
}

export interface IdxEntry extends IdxPage {
  /** The app's page. */
  address: string;
  /** Opens the page again after a timeout; `undefined` if no sign-in is needed any more. */
  reopen(): Promise<IdxPage | undefined>;
}

type Finished = IdxTransaction & { success: string };

/** Errors of an expired transaction or form. */
const EXPIRED = /session\.expired|transaction_resource_not_found|E0000011/;

/** First introspect the transaction again, then start a new one. */
const RECOVERIES = 2;

/**
 * Signs in at a page. Returns the URL to continue at with the cookies of the jar. The transaction
 * is cancelled on any error.
 *
 * @throws {SignInError} Okta's refusal, or a step that needs a browser.
 * @throws {InteractionError} If input is needed without a terminal.
 * @throws {InterruptedError} On Ctrl-C.
 */
export async function signInByIdx(
  account: SignInAccount,
  entry: IdxEntry,
): Promise<string> {
  const { client } = account.session;
  const { address, origin } = entry;
  const signIn: IdxSignIn = { account, origin, identified: false, taken: new Set() };
  const open = async ({ stateToken, origin }: IdxPage) =>
    processIdxResponse(await introspectRequest(client, origin, stateToken), "open the sign-in");
  let at: IdxPage = entry;
  let recoveries = 0;
  let expiresAt = Infinity;
  const recover = async (error: unknown): Promise<IdxTransaction> => {
    if (!isExpired(error) || ++recoveries > RECOVERIES) throw error;
    const isOver = client.clock.now() + client.clockOffsetMilliseconds >= expiresAt;
    // Only the form may be outdated, while the transaction continues.
    if (recoveries === 1 && !isOver) return await open(entry).catch(recover);
    const again = await entry.reopen();
    if (again === undefined) throw error;
    await account.interaction.say("the sign-in took too long; starting again");
    signIn.identified = false;
    signIn.taken.clear();
    at = again;
    return await open(at);
  };
  const { success } = await finishTransaction<IdxTransaction, Finished>(account, {
    begin: () => open(entry),
    isFinished: (transaction): transaction is Finished => transaction.success !== undefined,
    next(transaction) {
      expiresAt = transaction.expiresAt ?? Infinity;
      signIn.latest = transaction;
      return nextIdx(signIn, transaction).catch(recover);
    },
    cancel: (transaction) => cancelIdx(client, signIn.latest ?? transaction, () => open(at)),
    app: { url: address, isItsRefusal: ({ code }) => isRefusalOfApp(code) },
    nameOf: ({ remediations }) => remediations.map(({ name }) => name).join(", "),
  });
  return success;
}

function isExpired(error: unknown): boolean {
  return error instanceof SignInError && EXPIRED.test(error.code);
}
