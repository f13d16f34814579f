/**
 * What the code that answers one kind of factor works with. Each kind has a file beside this one:
 * `totp.ts`, `typed_code.ts`, `sent_code.ts`, `question.ts`, `password.ts`, `push.ts`, `duo.ts`,
 * `security_key.ts`; `answer.ts` calls them.
 *
 * @module
 */

import type { FactorChallenge, FactorSession } from "./authenticator.ts";
import type { Interaction } from "../../app/interaction.ts";
import type { OktaAccount } from "../sign_in/okta_account.ts";

/** One factor to be answered, of whichever API's transaction `T`. */
export interface FactorContext<T> {
  /** The Okta account. */
  account: OktaAccount;
  /** Who is told and asked. */
  interaction: Interaction;
  /** The factor that was chosen. */
  session: FactorSession<T>;
  /** What else Okta offers: a typed code ends the wait for a push. */
  challenge: FactorChallenge<T>;
}

/**
 * Answers a factor of one kind.
 *
 * @returns The transaction as it goes on; whatever does not lead there is thrown.
 */
export type FactorAnswerer = <T>(context: FactorContext<T>) => Promise<T>;
