/**
 * Stores whose entries are small, made whole: items of any size, one writer at a time.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { BackendName, SecretStore } from "../../ports.ts";
import { type Entries, readItem, removeItem, writeItem } from "./entries.ts";
import { type StoreLockSettings, withStoreLock } from "./store_lock.ts";

/** What one backend knows of its entries. */
export interface EntryBackend {
  /** Its name. */
  name: BackendName;
  /** An account's entries; throws for a name that the backend can't take. */
  entries: (account: string) => Entries;
  /** The accounts that have an item, sorted. */
  list: () => Promise<string[]>;
}

/**
 * The store of a backend.
 *
 * @param backend What it knows of its entries.
 * @param settings Where the lock between writers stands.
 * @returns The store.
 */
export function entryStore(
  { name, entries, list }: EntryBackend,
  settings: StoreLockSettings,
): SecretStore {
  return {
    name,
    read: async (account) => await readItem(entries(account)),
    write: async (account, item) => {
      const own = entries(account);
      await withStoreLock(settings, () => writeItem(own, item));
    },
    remove: async (account) => {
      const own = entries(account);
      return await withStoreLock(settings, () => removeItem(own));
    },
    list,
  };
}

/**
 * What a probe came upon.
 *
 * @param look Looks at the store, giving or throwing what is wrong with it.
 * @returns That; `undefined` where nothing is.
 */
export async function catchStoreError(
  look: () => Promise<SecretStoreError | undefined>,
): Promise<SecretStoreError | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof SecretStoreError) return error;
    throw error;
  }
}
