/**
 * What a sign-in works with, whichever of Okta's APIs it uses: who signs in, the session at the org,
 * the stored secrets, and how factors are chosen and answered. A function takes the parts it uses.
 *
 * @module
 */

import type { Interaction } from "../../app/interaction.ts";
import type { HttpClient, Interruptible, SecurityKeys } from "../../ports.ts";
import type { SecretAccess } from "../../secrets/open_secrets.ts";
import type { Secret } from "../../secret.ts";
import type { AccountStateFile } from "../../store/account_state.ts";
import type { OktaClient } from "../client/client.ts";
import type { Authenticator, FactorChallenge, FactorSession } from "./authenticator.ts";
import type { FactorPreference } from "./factor_preference.ts";

/** Who signs in. */
export interface OktaIdentity {
  /** The account's name in the settings. */
  readonly name: string;
  /** The org's origin: `https://acme.okta.com`. */
  readonly org: string;
  readonly username: string;
}

/** One run's session at the org. */
export interface OktaSession {
  /** Sends requests to the org, with the cookies of this run. */
  readonly client: OktaClient;
  /** For requests to others: Duo, AWS. */
  readonly http: HttpClient;
  /** What runs leave for one another. */
  readonly state: AccountStateFile;
  /** When this run began to ask, milliseconds since the Unix epoch. */
  readonly askedAt: number;
  /** Whether Okta is asked to remember this device. */
  readonly rememberDevice: boolean;
  /** Lets Ctrl-C end a piece of work. */
  readonly interruptible: Interruptible;
}

/** How factors are chosen and answered. */
export interface FactorOptions {
  readonly preference: FactorPreference;
  /** Keeps the choice of a factor in the settings. */
  remember(authenticator: Authenticator): Promise<void>;
  /** What the person is told about a push: a line each for account, role, program. */
  purpose(): Promise<string[]>;
  /** The answer of a plugin, if one has it. */
  answerByPlugin(authenticator: Authenticator): Promise<Secret | undefined>;
  /** Duo has an API of its own. */
  readonly answerDuo: FactorAnswerer;
  /** The security keys of this machine. */
  securityKeys(): Promise<SecurityKeys>;
  /** `init --enroll-totp`: set if a time-based code is to be enrolled; `done` is set when it is. */
  readonly enrollTotp?: { done: boolean } | undefined;
}

/** An account that signs in. */
export interface SignInAccount extends OktaIdentity {
  readonly interaction: Interaction;
  readonly session: OktaSession;
  readonly secrets: SecretAccess;
  readonly factors: FactorOptions;
}

/** One factor to be answered, of either API's transaction `T`. */
export interface FactorContext<T> {
  readonly account: SignInAccount;
  readonly interaction: Interaction;
  /** The factor that was chosen. */
  readonly factor: FactorSession<T>;
  /** What else Okta offers: a typed code ends the wait for a push. */
  readonly challenge: FactorChallenge<T>;
}

/** Answers one kind of factor. Returns the transaction as it goes on, and throws everything else. */
export type FactorAnswerer = <T>(context: FactorContext<T>) => Promise<T>;
