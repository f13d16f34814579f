/** Where secrets are stored. The stores themselves: src/platform/secret_stores/backends.ts. @module */

import type { Secret } from "../secret.ts";

/** The names of our own secret backends. */
export type BuiltInBackendName =
  | "keychain"
  | "secret-service"
  | "dpapi"
  | "wincred"
  | "pass"
  | "file"
  | "env"
  | "command";

/** A plugin as a secret backend. */
export type PluginBackendName = `plugin:${string}`;

export type BackendName = BuiltInBackendName | PluginBackendName;

/** Stores one item per Okta account, under the service `okta-aws`. */
export interface SecretStore {
  readonly name: BackendName;
  /**
   * Returns `undefined` if the account has no item.
   *
   * @throws {SecretStoreError} `locked`, `cancelled`, `unavailable`, `timeout`, `damaged`,
   * `wrong_passphrase`.
   */
  read(account: string): Promise<Secret | undefined>;
  /** Replaces the item, and reads it back to be sure. */
  write(account: string, item: Secret): Promise<void>;
  /** Returns whether there was an item. */
  remove(account: string): Promise<boolean>;
  /** The accounts that have an item, sorted. Opens no item. */
  list(): Promise<string[]>;
  /** Forgets what it keeps so that nobody is asked: the keys of `file`. */
  lock?(): Promise<void>;
  /** Set if nothing can be stored in it: `env`, `command`. */
  readonly readOnly?: true;
  /**
   * Gets a one-time code from another program, if that keeps the secret: a code, or a TOTP secret or
   * its `otpauth://` URI after all.
   */
  readonly oneTimeCode?: (account: string) => Promise<Secret>;
  /** If no backend was named: those preferred on this system, and why they can't be used. */
  readonly passedOver?: readonly StoreFinding[];
}

/** Whether a secret backend works here. */
export interface StoreFinding {
  name: BuiltInBackendName;
  works: boolean;
  /** Why it does not; or a remark if it does. */
  why?: string | undefined;
}

export interface SecretStoreOptions {
  /** Default: the first that works. */
  name: BuiltInBackendName | undefined;
  /** For backends that keep files: `secrets` beside the settings. */
  directory: string;
  /** Whether it may ask the user (the passphrase of `file`). */
  mayAsk: boolean;
  /** How long the keys of `file` are kept after its passphrase was typed; 0: not at all. */
  passphraseCacheSeconds?: number | undefined;
  account?: StoreAccountSettings;
}

/** The account's settings that concern a backend, under their names. */
export interface StoreAccountSettings {
  /** `keychain`: the keychain file (default: the system's default keychain). */
  keychain?: string;
  /** `command`: prints the password. */
  password_command?: string;
  /** `command`: prints a one-time code, or its secret. */
  totp_command?: string;
}

/** An item of another program in the system's keyring. */
export interface ForeignItem {
  /** Attributes in the Secret Service. */
  attributes: Record<string, string>;
  /** In the macOS keychain. */
  keychain: {
    kind: "generic" | "internet";
    /** Service of a generic password, host of an internet password. */
    service: string;
    account?: string | undefined;
  };
}
