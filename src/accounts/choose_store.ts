/**
 * Where a new account's secrets will stand, found out before anybody types them.
 *
 * @module
 */

import type { AccountSettings } from "../settings/settings.ts";
import { SecretStoreError } from "../errors.ts";
import type { SecretStore } from "../ports.ts";
import type { AppContext } from "../app/context.ts";
import { openStore } from "../secrets/open_secrets.ts";

/**
 * Makes sure that there is a secret store. Where the system has none, a person may choose a file
 * under a passphrase; it is never chosen silently.
 *
 * @param account The account's settings.
 * @returns The store.
 * @throws {SecretStoreError} `no_store` where there is none and nobody chose.
 */
export async function chooseStore(
  context: AppContext,
  account: AccountSettings,
): Promise<SecretStore> {
  try {
    const store = await openStore(context, account, await context.interaction.canAsk());
    // Found out once: a store that hangs has cost its limit already.
    context.flags.backend = store.name;
    return store;
  } catch (error) {
    const isNone = error instanceof SecretStoreError && error.code === "no_store";
    if (!isNone || !await context.interaction.canAsk()) throw error;
    await context.interaction.say(error.message);
    const question = "Keep the secrets in a file under a passphrase instead";
    const terminal = await context.ports.terminal();
    if (!await terminal.askConfirm({ question, initial: true })) throw error;
    context.flags.backend = "file";
    return await openStore(context, account, true);
  }
}
