/**
 * The `env` backend: nothing is stored, the secrets stand in the environment (for CI).
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, SecretStore } from "../../ports.ts";
import { Secret } from "../../secret.ts";

function refuse(): Promise<never> {
  return Promise.reject(
    new SecretStoreError("the secret backend env stores nothing", {
      code: "read_only",
      hint: "set OKTA_AWS_PASSWORD and OKTA_AWS_TOTP, or choose another backend (--backend)",
    }),
  );
}

/**
 * The secrets of the environment, the same for every account.
 *
 * @param environment Where `OKTA_AWS_PASSWORD` and `OKTA_AWS_TOTP` are looked up.
 * @returns A store whose item is `{"password": …, "totp": …}`, each key only where its variable is
 * set; `undefined` where neither is. `write` and `remove` reject with a `SecretStoreError`
 * `read_only`.
 */
export function envStore(environment: Pick<Environment, "get">): SecretStore {
  const read = (): Secret | undefined => {
    const password = environment.get("OKTA_AWS_PASSWORD");
    const totp = environment.get("OKTA_AWS_TOTP");
    if (password === undefined && totp === undefined) return undefined;
    return new Secret(JSON.stringify({ password, totp }));
  };
  return {
    name: "env",
    readOnly: true,
    read: () => Promise.resolve(read()),
    write: refuse,
    remove: refuse,
    list: () => Promise.resolve([]),
  };
}
