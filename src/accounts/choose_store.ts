/**
 * Where a new account's secrets will stand, found out before anybody types them.
 *
 * @module
 */

import type { AccountSettings } from "../settings/settings.ts";
import { SecretStoreError } from "../errors.ts";
import type { SecretStore } from "../ports.ts";
import type { Conversation } from "../app/interaction.ts";
import { openStore } from "../okta/sign_in/okta_account.ts";
import type { Program } from "../app/context.ts";

/**
 * Makes sure that there is a secret store. Where the system has none, a person may choose a file
 * under a passphrase; it is never chosen silently.
 *
 * @param program The run; its backend is set to what was found or chosen.
 * @param conversation Who is asked.
 * @param account The account's settings.
 * @returns The store.
 * @throws {SecretStoreError} `no_store` where there is none and nobody chose.
 */
export async function chooseStore(
  program: Program,
  conversation: Conversation,
  account: AccountSettings,
): Promise<SecretStore> {
  try {
    const store = await openStore(program, account, await conversation.canAsk());
    // Found out once: a store that hangs has cost its limit already.
    program.flags.backend = store.name;
    return store;
  } catch (error) {
    const isNone = error instanceof SecretStoreError && error.code === "no_store";
    if (!isNone || !await conversation.canAsk()) throw error;
    await conversation.say(error.message);
    const question = "Keep the secrets in a file under a passphrase instead";
    const terminal = await program.ports.terminal();
    if (!await terminal.askConfirm({ question, initial: true })) throw error;
    program.flags.backend = "file";
    return await openStore(program, account, true);
  }
}
