/**
 * The key of the encrypted cache for an account of IAM Identity Center, which has no other secrets.
 *
 * @module
 */

import type { Secret } from "../secret.ts";
import { formatSecretItem, newAccountSecrets, parseSecretItem } from "../secrets/secret_item.ts";
import { accountSettings } from "../settings/account_settings.ts";
import type { AppContext } from "../app/context.ts";
import { openStore } from "../secrets/open_secrets.ts";

/**
 * Reads the key, or makes one.
 *
 * @returns `undefined` if the store is read-only.
 * @throws {SettingsError} `not_set_up`
 */
export async function portalSealKey(
  context: AppContext,
  account: string,
): Promise<Secret | undefined> {
  const settings = accountSettings(context, account);
  const store = await openStore(context, settings, await context.interaction.canAsk());
  const item = await store.read(account);
  if (item !== undefined) return parseSecretItem(item).sessionKey;
  if (store.name === "env") return undefined;
  const made = newAccountSecrets({ password: undefined, totp: undefined });
  await store.write(account, formatSecretItem(made));
  return made.sessionKey;
}
