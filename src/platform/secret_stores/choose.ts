/**
 * Which backend the secrets stand in.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { BackendName, Environment, Files, SecretStore, Terminal } from "../../ports.ts";

/** What the backends need. */
export interface SecretStoreSettings {
  /** The variables, and the system. */
  environment: Pick<Environment, "all" | "get" | "os">;
  /** The file system. */
  files: Files;
  /** Where the `file` backend asks for its passphrase. */
  terminal: Pick<Terminal, "canAsk" | "askSecret" | "write">;
  /** The folder `secrets` beside the settings, absolute; also where writers wait for one another. */
  secretsFolder: string;
}

function notAvailable(name: BackendName): SecretStoreError {
  return new SecretStoreError(
    `the secret backend ${name} is not available in this version on this system`,
    { code: "backend_not_available", hint: "choose another one: --backend file" },
  );
}

function noStore(why: string): SecretStoreError {
  return new SecretStoreError(`there is no secret store to use: ${why}`, {
    code: "no_store",
    hint: "choose one, such as a file under a passphrase: --backend file (or OKTA_AWS_BACKEND)",
  });
}

async function named(name: BackendName, settings: SecretStoreSettings): Promise<SecretStore> {
  if (name === "file") return (await import("./file.ts")).fileStore(settings);
  if (name === "env") return (await import("./env.ts")).envStore(settings.environment);
  if (name === "secret-service" && settings.environment.os === "linux") {
    return (await import("./secret_service.ts")).secretServiceStore(settings);
  }
  throw notAvailable(name);
}

/**
 * Opens the secret store. Without a name it is the system's own: on Linux the secret service, if a
 * probe of at most 2 seconds finds one. There is never a fallback to something weaker.
 *
 * @param name The backend that was chosen, or `undefined`.
 * @param settings What the backends need.
 * @returns The store.
 * @throws {SecretStoreError} `backend_not_available` where the named one does not exist here;
 * `no_store` where none was named and the system has none.
 */
export async function openSecretStore(
  name: BackendName | undefined,
  settings: SecretStoreSettings,
): Promise<SecretStore> {
  if (name !== undefined) return await named(name, settings);
  if (settings.environment.os !== "linux") {
    throw noStore("this version knows none of this system's own");
  }
  const { probeSecretService } = await import("./secret_service.ts");
  const trouble = await probeSecretService(settings);
  if (trouble !== undefined) throw noStore(trouble.message);
  return await named("secret-service", settings);
}
