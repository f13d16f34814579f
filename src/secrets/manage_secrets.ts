/**
 * Managing stored secrets: list them, replace one, move them to another store.
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
import { accountSettings, accountsOfSameUser, backendFor } from "../settings/account_settings.ts";
import type { AppContext } from "../app/context.ts";
import { editFile } from "../app/edit_file.ts";
import { openStore } from "./open_secrets.ts";
import { forgetOwnPassword, forgetPassword } from "./password_fingerprint.ts";
import { strongTotpKey } from "./session_key.ts";

/** A stored item, without anything secret. */
export interface ItemFacts {
  account: string;
  backend: BackendName;
  /** What is in it; `undefined` if we have no record of it. */
  secrets: SecretKind[] | undefined;
}

export type SecretKind = "password" | "totp";

function stateOf(context: AppContext, name: string): Promise<AccountStateFile> {
  const { ports, paths } = context;
  const account = { name, ...context.settings.accounts.get(name) };
  return openAccountState(ports.files, paths.cache, name, accountsOfSameUser(context, account));
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

/** What another program or the environment gives; no program is run for a list. */
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
 * The items of every store that an account of the settings uses, by account; what is in them is
 * known from
 * our own record. No item is opened.
 */
export async function listSecrets(
  context: AppContext,
): Promise<ItemFacts[]> {
  const { flags, settings: { accounts } } = context;
  // Nothing set up, or an unknown name: the same error as everywhere.
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

/** Holds the account's lock: nobody signs in with an item while it is being changed. */
async function withItem<T>(
  context: AppContext,
  { name, mayLend }: { name: string; mayLend: boolean },
  act: (store: SecretStore, secrets: AccountSecrets | undefined) => Promise<T>,
): Promise<T> {
  const { ports, paths } = context;
  const account = accountSettings(context, name);
  const onWait = () => void context.interaction.say("waiting for another okta-aws to sign in");
  const { org, username } = account;
  const user = org !== undefined && username !== undefined ? { org, username } : undefined;
  const lock = { files: ports.files, cacheDirectory: paths.cache, account: name, user, onWait };
  return await withAccountLock(lock, async () => {
    const store = await openStore(context, account, await context.interaction.canAsk());
    if (store.readOnly && !mayLend) throw cannotStore(store.name);
    const item = await store.read(name);
    const secrets = item && withOneTimeCode(parseSecretItem(item), store, name);
    return await act(store, secrets);
  });
}

/**
 * Stores another password or TOTP secret; the rest of the item stays. With another password the
 * item has a
 * new id: it is tried again even if Okta has rejected the one before.
 *
 * @param value A TOTP secret as an `otpauth://` URI.
 * @throws {SecretStoreError} `read_only` if nothing can be stored.
 */
export async function setSecret(
  context: AppContext,
  name: string,
  { kind, value }: { kind: SecretKind; value: Secret },
): Promise<BackendName> {
  return await withItem(context, { name, mayLend: false }, async (store, old) => {
    const changed = { password: old?.password, totp: old?.totp, [kind]: value };
    const fresh = newAccountSecrets(changed, old?.sessionKey);
    const secrets = kind === "totp" && old?.id !== undefined ? { ...fresh, id: old.id } : fresh;
    await store.write(name, formatSecretItem(secrets));
    const state = await stateOf(context, name);
    if (kind === "password") await forgetPassword(state, value, strongTotpKey(secrets.totp));
    const ofPassword = forgetOwnPassword(state);
    await state.change((known) => ({
      stored: storedSecrets(secrets, store),
      ...(kind === "password" ? ofPassword(known) : { usedCode: undefined }),
    }));
    return store.name;
  });
}

function nothingThere(name: string, backend: BackendName): SecretStoreError {
  return new SecretStoreError(`no saved secrets for account "${name}" (${backend})`, {
    code: "no_item",
    hint: "name the store that has them (--backend), or set the account up: okta-aws init",
  });
}

function cannotStore(backend: BackendName): SecretStoreError {
  return new SecretStoreError(`nothing can be stored in ${backend}`, {
    code: "read_only",
    hint: "choose another store, such as --backend file",
  });
}

export interface MovedItem {
  from: BackendName;
  to: BackendName;
  /** Whether the old one is gone; stores that only lend secrets (`env`, `command`) keep them. */
  removed: boolean;
}

/**
 * Moves an item to another store: writes it there, changes the settings, and then removes the old
 * one.
 *
 * @throws {SecretStoreError} `no_item`, `read_only`; nothing changes before the new store has the
 * item.
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
    // Lent secrets have no id and no key yet.
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
    throw new SecretStoreError(
      `moved the secrets to ${to}, but could not remove them from ${from.name}`,
      {
        code: "not_removed",
        hint: `remove them: okta-aws secrets forget --account ${name} --backend ${from.name}`,
        cause: error,
      },
    );
  }
}

/** The store that the environment names, if it is another one than the settings'. */
export function overridingBackend(
  context: AppContext,
  backend: BackendName,
): BackendName | undefined {
  const { backend: _, ...flags } = context.flags;
  const used = backendFor({ ...context, flags }, { backend });
  return used === backend ? undefined : used;
}
