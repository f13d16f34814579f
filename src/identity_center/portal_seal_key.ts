/**
 * The key of an encrypted cache where an account has no secrets besides: IAM Identity Center.
 *
 * @module
 */

import type { Secret } from "../secret.ts";
import { formatSecretItem, newAccountSecrets, parseSecretItem } from "../secrets/secret_item.ts";
import { accountSettings } from "../settings/account_settings.ts";
import type { Conversation } from "../app/interaction.ts";
import { openStore } from "../okta/sign_in/okta_account.ts";
import type { Program } from "../app/context.ts";

/**
 * Reads the key, or makes one.
 *
 * @param program The run.
 * @param account The account's name.
 * @param conversation Who is asked, where the store lies under a passphrase.
 * @returns The key; `undefined` where the store keeps nothing.
 * @throws {SettingsError} `not_set_up` for a session that the settings don't know.
 */
export async function portalSealKey(
  program: Program,
  account: string,
  conversation: Conversation,
): Promise<Secret | undefined> {
  const settings = accountSettings(program, account);
  const store = await openStore(program, settings, await conversation.canAsk());
  const item = await store.read(account);
  if (item !== undefined) return parseSecretItem(item).sessionKey;
  if (store.name === "env") return undefined;
  const made = newAccountSecrets({ password: undefined, totp: undefined });
  await store.write(account, formatSecretItem(made));
  return made.sessionKey;
}
