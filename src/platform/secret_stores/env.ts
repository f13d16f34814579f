/** The `env` backend: secrets from environment variables, for CI. Nothing is stored. @module */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, SecretStore } from "../../ports.ts";
import { Secret } from "../../secret.ts";

function refuse(): Promise<never> {
  return Promise.reject(
    new SecretStoreError("the secret backend env is read-only", {
      code: "read_only",
      hint: "set OKTA_AWS_PASSWORD and OKTA_AWS_TOTP, or choose another backend (--backend)",
    }),
  );
}

/** Secrets of CI systems and of Kubernetes often end in a line end; a password never does. */
export function environmentPassword({ get }: Pick<Environment, "get">): Secret | undefined {
  const password = get("OKTA_AWS_PASSWORD")?.replace(/[\r\n]+$/, "") ?? "";
  return password === "" ? undefined : new Secret(password);
}

/** The same secrets for every account; an item is `{"password": …, "totp": …}`, as far as set. */
export function envStore(environment: Pick<Environment, "get">): SecretStore {
  const read = (): Secret | undefined => {
    const password = environmentPassword(environment)?.reveal();
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

/** Why the backend can't be used, if neither variable is set. */
export function probeEnv({ get }: Pick<Environment, "get">): SecretStoreError | undefined {
  if (get("OKTA_AWS_PASSWORD") !== undefined || get("OKTA_AWS_TOTP") !== undefined) {
    return undefined;
  }
  return new SecretStoreError("neither OKTA_AWS_PASSWORD nor OKTA_AWS_TOTP is set", {
    code: "unavailable",
    hint: "set them",
  });
}
