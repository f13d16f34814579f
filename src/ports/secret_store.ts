/**
 * Where secrets are kept, as interfaces.
 *
 * @module
 */

import type { Secret } from "../secret.ts";

/** The names of our own secret backends (docs/cli, "Secret backends"). */
export type BuiltInBackendName =
  | "keychain"
  | "secret-service"
  | "dpapi"
  | "wincred"
  | "pass"
  | "file"
  | "env"
  | "command";

/** A plugin that keeps secrets, as a backend. */
export type PluginBackendName = `plugin:${string}`;

/** The name of any secret backend. */
export type BackendName = BuiltInBackendName | PluginBackendName;

/** One place that keeps one item per Okta account, under the service `okta-aws`. */
export interface SecretStore {
  /** Which backend this is. */
  readonly name: BackendName;
  /**
   * @param account The Okta account's name.
   * @returns The item's text, or `undefined` where there is none.
   * @throws {SecretStoreError} `locked`, `cancelled`, `unavailable`, `timeout`, `damaged`,
   * `wrong_passphrase`.
   */
  read(account: string): Promise<Secret | undefined>;
  /** Stores an item, replacing one of the same name, and reads it back to be sure. */
  write(account: string, item: Secret): Promise<void>;
  /** Deletes an item. @returns Whether there was one. */
  remove(account: string): Promise<boolean>;
  /** @returns The accounts that have an item, sorted; no item is opened for it. */
  list(): Promise<string[]>;
  /** Whether nothing can be stored in it: `env`, `command`. */
  readonly readOnly?: true;
  /**
   * A one-time code, where another program gives codes and keeps their secret: asked for each time
   * that one is needed.
   *
   * @returns What the program gives: a code, or a TOTP secret or its `otpauth://` URI after all.
   */
  readonly oneTimeCode?: (account: string) => Promise<Secret>;
  /** What would have come first on this system, and why it did not, where nobody had named one. */
  readonly passedOver?: readonly StoreFinding[];
}

/** Whether a secret backend can be used here. */
export interface StoreFinding {
  /** Its name. */
  name: BuiltInBackendName;
  /** Whether it works. */
  works: boolean;
  /** Why it does not; what is worth knowing where it does. */
  why?: string | undefined;
}

/** Which secret backend is wanted. */
export interface SecretStoreOptions {
  /** Its name; the first that works on this machine where it is left out. */
  name: BuiltInBackendName | undefined;
  /** The folder for backends that keep files: `secrets` beside the settings. */
  directory: string;
  /** Whether it may ask a person (the passphrase of `file`). */
  mayAsk: boolean;
  /** What the account's settings say for one backend or another. */
  account?: StoreAccountSettings;
}

/** What an account's settings say for one backend or another; members are named as there. */
export interface StoreAccountSettings {
  /** `keychain`: the keychain file to use in place of the default one. */
  keychain?: string;
  /** `command`: what prints the password. */
  password_command?: string;
  /** `command`: what prints a one-time code, or its secret. */
  totp_command?: string;
}
