/**
 * What is known of an account's secrets without opening their store.
 *
 * @module
 */

import type { SecretStore } from "../ports.ts";
import type { StoredSecrets } from "../okta/sign_in/account_state.ts";
import type { AccountSecrets } from "./secret_item.ts";

/**
 * What is kept of an account's secrets in the open.
 *
 * @param secrets The secrets.
 * @param store Where they are.
 * @returns Which there are, where, and why nowhere better.
 */
export function storedSecrets(
  { password, totp, oneTimeCode }: AccountSecrets,
  { name: backend, passedOver = [] }: SecretStore,
): StoredSecrets {
  return {
    backend,
    password: password !== undefined,
    totp: totp !== undefined || oneTimeCode !== undefined,
    ...(passedOver.length > 0 && {
      passedOver: passedOver.map(({ name, why = "" }) => ({ name, why })),
    }),
  };
}
