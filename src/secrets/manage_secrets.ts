/**
 * The stored secrets by themselves: what there is, one of them replaced, all of them in another
 * store.
 *
 * @module
 */

import type { AccountSettings } from "../settings/settings.ts";
import { SecretStoreError } from "../errors.ts";
import { setSection } from "../ini/edit.ts";
import type { BackendName, SecretStore } from "../ports.ts";
import type { Secret } from "../secret.ts";
import { withAccountLock } from "../store/account_lock.ts";
import { type AccountStateFile, openAccountState } from "../store/account_state.ts";
import {
  type AccountSecrets,
  formatSecretItem,
  newAccountSecrets,
  parseSecretItem,
  storedSecrets,
  withOneTimeCode,
} from "./secret_item.ts";
import { accountSettings, backendFor } from "../settings/account_settings.ts";
import type { AppContext } from "../app/context.ts";
import { editFile } from "../app/edit_file.ts";
import { openStore } from "./open_secrets.ts";

/** A stored item, without anything secret. */
export interface ItemFacts {
  /** The Okta account. */
  account: string;
  /** Where the item is. */
  backend: BackendName;
  /** What is known to be in it; `undefined` where we have no record of it. */
  secrets: SecretKind[] | undefined;
}

/** One of the secrets of an item. */
export type SecretKind = "password" | "totp";

function stateOf({ ports, paths }: AppContext, name: string): Promise<AccountStateFile> {
  return openAccountState(ports.files, paths.cache, name);
}

async function recordedKinds(
  context: AppContext,
  account: string,
  backend: BackendName,
): Promise<SecretKind[] | undefined> {
  const { stored } = await (await stateOf(context, account)).read();
  if (stored?.backend !== backend) return undefined;
  return (["password", "totp"] as const).filter((kind) => stored[kind]);
}

/** What another program or the environment gives: none of it is run for a list. */
function givenKinds(
  context: AppContext,
  store: SecretStore,
  account: AccountSettings,
): SecretKind[] {
  const { get } = context.ports.environment;
  const given: Record<SecretKind, string | undefined> = store.name === "env"
    ? { password: get("OKTA_AWS_PASSWORD"), totp: get("OKTA_AWS_TOTP") }
    : { password: account.password_command, totp: account.totp_command };
  return (["password", "totp"] as const).filter((kind) => given[kind] !== undefined);
}

/**
 * Which accounts have a stored item, and what is in it by our own record. No item is opened.
 *
 * @returns The items of every store that an account of the settings uses, by account.
 */
export async function listSecrets(
  context: AppContext,
): Promise<ItemFacts[]> {
  const { flags, settings: { accounts } } = context;
  // Nothing set up, or a name that is not: the same error as everywhere.
  if (accounts.size === 0) accountSettings(context, "default");
  if (flags.account !== undefined) accountSettings(context, flags.account);
  const mayAsk = await context.interaction.canAsk();
  const items = new Map<string, ItemFacts>();
  for (const [name, account] of accounts) {
    const store = await openStore(context, account, mayAsk);
    const backend = store.name;
    const names = store.readOnly ? [name] : await store.list();
    for (const owner of names) {
      const secrets = store.readOnly
        ? givenKinds(context, store, account)
        : await recordedKinds(context, owner, backend);
      items.set(`${owner} ${backend}`, { account: owner, backend, secrets });
    }
  }
  const found = [...items.values()].sort((a, b) => a.account < b.account ? -1 : 1);
  return found.filter(({ account }) => flags.account === undefined || account === flags.account);
}

/** Nobody signs in with an item while it is being changed. */
async function withItem<T>(
  context: AppContext,
  { name, mayLend }: { name: string; mayLend: boolean },
  act: (store: SecretStore, secrets: AccountSecrets | undefined) => Promise<T>,
): Promise<T> {
  const { ports, paths } = context;
  const account = accountSettings(context, name);
  const onWait = () => void context.interaction.say("waiting for another okta-aws that signs in");
  const lock = { files: ports.files, cacheDirectory: paths.cache, account: name, onWait };
  return await withAccountLock(lock, async () => {
    const store = await openStore(context, account, await context.interaction.canAsk());
    if (store.readOnly && !mayLend) throw cannotStore(store.name);
    const item = await store.read(name);
    const secrets = item && withOneTimeCode(parseSecretItem(item), store, name);
    return await act(store, secrets);
  });
}

/**
 * Stores another password or TOTP secret; all else of the item stays. With another password the item
 * has a new id: it is tried again even where Okta has refused the one before.
 *
 * @param name The Okta account's name.
 * @param kind Which.
 * @param value The secret; a TOTP secret as an `otpauth://` URI.
 * @returns Where it is now.
 * @throws {SecretStoreError} `read_only` where nothing can be stored.
 */
export async function setSecret(
  context: AppContext,
  name: string,
  kind: SecretKind,
  value: Secret,
): Promise<BackendName> {
  return await withItem(context, { name, mayLend: false }, async (store, old) => {
    const changed = { password: old?.password, totp: old?.totp, [kind]: value };
    const fresh = newAccountSecrets(changed, old?.sessionKey);
    const secrets = kind === "totp" && old?.id !== undefined ? { ...fresh, id: old.id } : fresh;
    await store.write(name, formatSecretItem(secrets));
    await (await stateOf(context, name)).change({
      stored: storedSecrets(secrets, store),
      ...(kind === "password" ? { refusedItem: undefined } : { usedCode: undefined }),
    });
    return store.name;
  });
}

function nothingThere(name: string, backend: BackendName): SecretStoreError {
  return new SecretStoreError(`the secret store (${backend}) has nothing for ${name}`, {
    code: "no_item",
    hint: `name the store that has it (--backend), or set it up: okta-aws init`,
  });
}

function cannotStore(backend: BackendName): SecretStoreError {
  return new SecretStoreError(`nothing can be stored in ${backend}`, {
    code: "read_only",
    hint: "name a store that keeps things, such as file",
  });
}

/** Where an item has been, and where it is. */
export interface MovedItem {
  /** Where it was. */
  from: BackendName;
  /** Where it is. */
  to: BackendName;
  /** Whether the old one is gone; what only lends its secrets (`env`, `command`) keeps them. */
  removed: boolean;
}

/**
 * Moves an item to another store: written there and read back, remembered in the settings, and then
 * removed from where it was.
 *
 * @param name The Okta account's name.
 * @param to Where to.
 * @returns Where it has been, and where it is.
 * @throws {SecretStoreError} `no_item`, `read_only`; before the new store has the item, nothing
 * changes.
 */
export async function moveSecrets(
  context: AppContext,
  name: string,
  to: BackendName,
): Promise<MovedItem> {
  return await withItem(context, { name, mayLend: true }, async (from, old) => {
    if (old === undefined) throw nothingThere(name, from.name);
    if (from.name === to) return { from: to, to, removed: false };
    const account = accountSettings(context, name);
    const target = await openNamed(context, account, to);
    if (target.readOnly) throw cannotStore(to);
    // What only lends its secrets has no id and no key yet.
    const secrets = old.id === undefined ? newAccountSecrets(old, old.sessionKey) : old;
    await target.write(name, formatSecretItem(secrets));
    await rememberBackend(context, name, to);
    await (await stateOf(context, name)).change({ stored: storedSecrets(secrets, target) });
    const removed = !from.readOnly && await removeOld(from, name, to);
    return { from: from.name, to, removed };
  });
}

function openNamed(
  context: AppContext,
  account: AccountSettings,
  name: BackendName,
): Promise<SecretStore> {
  const named = { ...context, flags: { ...context.flags, backend: name } };
  return context.interaction.canAsk().then((mayAsk) => openStore(named, account, mayAsk));
}

async function rememberBackend(context: AppContext, name: string, backend: string): Promise<void> {
  await editFile(context, {
    path: context.paths.settings,
    change: (text) => setSection(text, `account ${name}`, [["backend", backend]]),
  });
}

async function removeOld(from: SecretStore, name: string, to: BackendName): Promise<boolean> {
  try {
    return await from.remove(name);
  } catch (error) {
    throw new SecretStoreError(`the secrets are in ${to} now, but still in ${from.name} as well`, {
      code: "not_removed",
      hint: `remove the old ones: okta-aws secrets forget --account ${name} --backend ${from.name}`,
      cause: error,
    });
  }
}

/**
 * The variable that names another store than the settings, if one does.
 *
 * @param backend What the settings name now.
 * @returns The store that the variable names.
 */
export function overridingBackend(
  context: AppContext,
  backend: BackendName,
): BackendName | undefined {
  const { backend: _, ...flags } = context.flags;
  const used = backendFor({ ...context, flags }, { backend });
  return used === backend ? undefined : used;
}
