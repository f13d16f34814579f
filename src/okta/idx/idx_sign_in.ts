/**
 * The sign-in by the Identity Engine: whatever Okta asks for at the app's own page, until it is
 * content.
 *
 * @module
 */

import { SignInError } from "../../errors.ts";
import { cancelIdx, introspectRequest, processIdxResponse } from "./idx.ts";
import type { IdxTransaction } from "./idx_transaction.ts";
import type { Secret } from "../../secret.ts";
import { finishTransaction } from "../sign_in/finish_transaction.ts";
import type { IdxSignIn } from "./idx_authenticate.ts";
import { nextIdx } from "./idx_next.ts";
import type { OktaAccount } from "../sign_in/okta_account.ts";

/** A page that asks for a sign-in. */
export interface IdxPage {
  /** The page's. */
  stateToken: Secret;
  /** The page's origin: a custom domain is one of its own. */
  origin: string;
}

/** Where the sign-in begins. */
export interface IdxEntry extends IdxPage {
  /** The app's page: the one to name where only a browser can go on. */
  address: string;
  /** Opens the page again, for a sign-in that took too long; `undefined` where it asks no more. */
  reopen(): Promise<IdxPage | undefined>;
}

/** A transaction that Okta has finished. */
type Finished = IdxTransaction & { success: string };

/** Okta's words for a transaction, or a form, that is over. */
const EXPIRED = /session\.expired|transaction_resource_not_found|E0000011/;

/** Once by asking how the transaction stands, once by a new one. */
const RECOVERIES = 2;

/**
 * Signs in at a page.
 *
 * @param account The Okta account.
 * @param entry The page.
 * @returns Where to go on, with the cookies of the jar.
 * @throws {SignInError} Okta's refusal, or what only a browser can do.
 * @throws {InteractionError} Where somebody would have to answer and nobody can.
 * @throws {InterruptedError} On Ctrl-C; the transaction is cancelled then, as after any error.
 */
export async function signInByIdx(
  account: OktaAccount,
  entry: IdxEntry,
): Promise<string> {
  const { client } = account;
  const { address, origin } = entry;
  const signIn: IdxSignIn = {
    account,
    interaction: account.interaction,
    address,
    origin,
    identified: false,
    taken: new Set(),
  };
  const open = async ({ stateToken, origin }: IdxPage) =>
    processIdxResponse(await introspectRequest(client, origin, stateToken), "open the sign-in");
  let at: IdxPage = entry;
  let recoveries = 0;
  let expiresAt = Infinity;
  const recover = async (error: unknown): Promise<IdxTransaction> => {
    if (!isExpired(error) || ++recoveries > RECOVERIES) throw error;
    const isOver = client.clock.now() + client.clockOffsetMilliseconds >= expiresAt;
    // Perhaps it was but an old form of a transaction that goes on.
    if (recoveries === 1 && !isOver) return await open(entry).catch(recover);
    const again = await entry.reopen();
    if (again === undefined) throw error;
    await account.interaction.say("the sign-in took too long for Okta: it begins again");
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
    app: address,
    nameOf: ({ remediations }) => remediations.map(({ name }) => name).join(", "),
  });
  return success;
}

function isExpired(error: unknown): boolean {
  return error instanceof SignInError && EXPIRED.test(error.code);
}
