/**
 * Opening the store of an account's secrets, and reading and replacing them during a sign-in.
 *
 * @module
 */

import { type AccountSettings, isPluginBackend } from "../settings/settings.ts";
import { SecretStoreError } from "../errors.ts";
import type { SecretStore } from "../ports.ts";
import type { Secret } from "../secret.ts";
import type { AppContext } from "../app/context.ts";
import { backendFor } from "../settings/account_settings.ts";
import {
  type AccountSecrets,
  formatSecretItem,
  newAccountSecrets,
  parseSecretItem,
  withOneTimeCode,
} from "./secret_item.ts";
import { sessionKeyOf } from "./session_key.ts";
import type { SealKey } from "../store/seal.ts";

/**
 * The store that keeps an account's secrets.
 *
 * @param mayAsk Whether the store may ask a person, for example for a passphrase.
 * @throws {SecretStoreError} `no_store`, `unavailable`
 */
export async function openStore(
  context: AppContext,
  account: AccountSettings,
  mayAsk: boolean,
): Promise<SecretStore> {
  const name = backendFor(context, account);
  if (name !== undefined && isPluginBackend(name)) {
    return await context.plugins.openSecretStore(context, name.slice("plugin:".length), mayAsk);
  }
  const directory = `${context.paths.settingsDirectory}/secrets`;
  const { passphrase_cache: passphraseCacheSeconds = PASSPHRASE_CACHE_SECONDS } =
    context.settings.program;
  return await context.ports.secretStore({
    name,
    directory,
    mayAsk,
    account,
    passphraseCacheSeconds,
  });
}

/** Default of the setting `passphrase_cache`: 8 h, a day's work. */
const PASSPHRASE_CACHE_SECONDS = 8 * 3600;

/** An account's secrets, for a sign-in. */
export interface SecretAccess {
  /**
   * The store is opened at the first call only.
   *
   * @throws {SecretStoreError} `no_item` if nothing is stored for the account.
   */
  read(): Promise<AccountSecrets>;
  /** What sessions are sealed with; `undefined` if none are kept. */
  sessionKey(): Promise<SealKey | undefined>;
  /** Stores another password, and with it a new item id; the rest of the item stays. */
  replacePassword(password: Secret): Promise<void>;
  /** Stores another TOTP secret (an `otpauth://` URI), or none, likewise. */
  replaceTotp(totp: Secret | undefined): Promise<void>;
}

/**
 * @param options `known`: the secrets, if they don't come out of the store (`init`). `keyAlone`: an
 * account without an item gets one that has only the sessions' key.
 */
export function openSecrets(
  context: AppContext,
  name: string,
  { known, keyAlone = false }: { known?: AccountSecrets | undefined; keyAlone?: boolean } = {},
): SecretAccess {
  const account = context.settings.accounts.get(name) ?? {};
  let item = known && Promise.resolve(known);
  const read = () => item ??= readItem(context, account, { name, keyAlone });
  let key: Promise<SealKey | undefined> | undefined;
  const replace = async (changed: Partial<Pick<AccountSecrets, "password" | "totp">>) => {
    const old = await read();
    const replaced = newAccountSecrets({ ...old, ...changed }, old.sessionKey);
    item = Promise.resolve(replaced);
    key = undefined;
    const store = await openStore(context, account, true);
    await store.write(name, formatSecretItem(replaced));
  };
  return {
    read,
    sessionKey: () => key ??= read().then(sessionKeyOf),
    replacePassword: (password) => replace({ password }),
    replaceTotp: (totp) => replace({ totp }),
  };
}

async function readItem(
  context: AppContext,
  account: AccountSettings,
  { name, keyAlone }: { name: string; keyAlone: boolean },
): Promise<AccountSecrets> {
  const store = await openStore(context, account, await context.interaction.canAsk());
  const item = await store.read(name);
  if (item !== undefined) return withOneTimeCode(parseSecretItem(item), store, name);
  if (keyAlone) {
    const nothing = { password: undefined, totp: undefined };
    if (store.readOnly) return { ...nothing, id: undefined, sessionKey: undefined };
    const made = newAccountSecrets(nothing);
    await store.write(name, formatSecretItem(made));
    return made;
  }
  const other = (store.passedOver ?? []).map(({ name, why }) => `; ${name} can't be used: ${why}`);
  const what = `no saved password for account "${name}" (${store.name})${other.join("")}`;
  throw new SecretStoreError(what, {
    code: "no_item",
    hint: `set the account up: okta-aws init${name === "default" ? "" : ` --account ${name}`}`,
  });
}
