/**
 * Which backend the secrets stand in.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type {
  BuiltInBackendName,
  Environment,
  Files,
  SecretStore,
  StoreAccountSettings,
  StoreFinding,
  Terminal,
} from "../../ports.ts";

/** What the backends need. */
export interface SecretStoreSettings {
  /** The variables, and the system. */
  environment: Pick<Environment, "all" | "get" | "os" | "home">;
  /** The file system. */
  files: Files;
  /** Where the `file` backend asks for its passphrase. */
  terminal: Pick<Terminal, "canAsk" | "askSecret" | "write">;
  /** The folder `secrets` beside the settings, absolute; also where writers wait for one another. */
  secretsFolder: string;
  /** What the account's settings say for one backend or another. */
  account?: StoreAccountSettings | undefined;
}

/** A backend as it is chosen. */
interface Backend {
  /** Whether it exists on this system. */
  isHere: (settings: SecretStoreSettings) => boolean;
  /** Opens it. */
  open: (settings: SecretStoreSettings) => Promise<SecretStore>;
  /** Why it can't be used, found out within 2 seconds; nothing is opened and nobody asked. */
  probe: (settings: SecretStoreSettings) => Promise<SecretStoreError | undefined>;
}

function unavailable(message: string, hint: string): SecretStoreError {
  return new SecretStoreError(message, { code: "unavailable", hint });
}

const BACKENDS: Record<BuiltInBackendName, Backend> = {
  "keychain": {
    isHere: ({ environment }) => environment.os === "darwin",
    open: async (settings) => (await import("./keychain.ts")).keychainStore(settings),
    probe: async (settings) => (await import("./keychain.ts")).probeKeychain(settings),
  },
  "secret-service": {
    isHere: ({ environment }) => environment.os === "linux",
    open: async (settings) => (await import("./secret_service.ts")).secretServiceStore(settings),
    probe: async (settings) => (await import("./secret_service.ts")).probeSecretService(settings),
  },
  "dpapi": {
    isHere: ({ environment }) => hasPowerShell(environment),
    open: async (settings) => (await import("./dpapi.ts")).dpapiStore(settings),
    probe: async (settings) => (await import("./powershell.ts")).probePowerShell(settings),
  },
  "wincred": {
    isHere: ({ environment }) => hasPowerShell(environment),
    open: async (settings) => (await import("./wincred.ts")).wincredStore(settings),
    probe: async (settings) => (await import("./powershell.ts")).probePowerShell(settings),
  },
  "pass": {
    isHere: () => true,
    open: async (settings) => (await import("./pass.ts")).passStore(settings),
    probe: async (settings) => (await import("./pass.ts")).probePass(settings),
  },
  "file": {
    isHere: () => true,
    open: async (settings) => (await import("./file.ts")).fileStore(settings),
    probe: () => Promise.resolve(undefined),
  },
  "env": {
    isHere: () => true,
    open: async ({ environment }) => (await import("./env.ts")).envStore(environment),
    probe: ({ environment: { get } }) => {
      const isSet = get("OKTA_AWS_PASSWORD") !== undefined || get("OKTA_AWS_TOTP") !== undefined;
      const why = unavailable("neither OKTA_AWS_PASSWORD nor OKTA_AWS_TOTP is set", "set them");
      return Promise.resolve(isSet ? undefined : why);
    },
  },
  "command": {
    isHere: () => true,
    open: async (settings) => (await import("./command.ts")).commandStore(settings),
    probe: ({ account = {} }) => {
      const isSet = account.password_command !== undefined || account.totp_command !== undefined;
      const why = unavailable(
        "neither password_command nor totp_command is set",
        "set them in the account's settings",
      );
      return Promise.resolve(isSet ? undefined : why);
    },
  },
};

/** What is taken where nobody has named one, in this order: the system's own first. */
const AUTOMATIC: Record<Environment["os"], readonly [BuiltInBackendName, ...BuiltInBackendName[]]> =
  {
    linux: ["secret-service", "pass"],
    darwin: ["keychain", "pass"],
    windows: ["dpapi", "wincred", "pass"],
  };

/** What else there is, in the order in which it is told of. */
const BY_NAME: readonly BuiltInBackendName[] = ["dpapi", "wincred", "file", "env", "command"];

/** Windows, or the Windows underneath a WSL: there it is reached through `powershell.exe`. */
function hasPowerShell({ os, get }: SecretStoreSettings["environment"]): boolean {
  const isWsl = get("WSL_DISTRO_NAME") !== undefined || get("WSL_INTEROP") !== undefined;
  return os === "windows" || (os === "linux" && isWsl);
}

function notAvailable(name: BuiltInBackendName): SecretStoreError {
  return new SecretStoreError(`the secret backend ${name} is not available on this system`, {
    code: "backend_not_available",
    hint: "choose another one: --backend file",
  });
}

function noStore(passedOver: readonly StoreFinding[]): SecretStoreError {
  const why = passedOver.map(({ name, why }) => `${name}: ${why}`).join("; ");
  return new SecretStoreError(`there is no secret store to use: ${why}`, {
    code: "no_store",
    hint: "choose one, such as a file under a passphrase: --backend file (or OKTA_AWS_BACKEND)",
  });
}

async function look(
  name: BuiltInBackendName,
  settings: SecretStoreSettings,
): Promise<StoreFinding> {
  const trouble = await BACKENDS[name].probe(settings);
  return trouble === undefined
    ? { name, works: true }
    : { name, works: false, why: trouble.message };
}

/**
 * Which backends this system has, and which of them work, in the order in which they are taken; what
 * comes from `file` on is taken by name alone. Nothing is opened, nobody is asked.
 *
 * @param settings What the backends need.
 * @returns A finding each; known within 2 seconds.
 */
export function surveySecretStores(
  settings: Omit<SecretStoreSettings, "terminal">,
): Promise<StoreFinding[]> {
  const asked = { ...settings, terminal: NOBODY };
  const names = [...new Set([...AUTOMATIC[settings.environment.os], ...BY_NAME])];
  const here = names.filter((name) => BACKENDS[name].isHere(asked));
  return Promise.all(here.map((name) => look(name, asked)));
}

const NOBODY: SecretStoreSettings["terminal"] = {
  canAsk: () => Promise.resolve(false),
  askSecret: () => Promise.reject(new Error("nobody can be asked")),
  write: () => {},
};

/**
 * Opens the secret store. Without a name it is the first of the system's own that a probe of at most
 * 2 seconds finds working. There is never a fallback from a store that fails.
 *
 * @param name The backend that was chosen, or `undefined`.
 * @param settings What the backends need.
 * @returns The store; where none was named, with what was passed over.
 * @throws {SecretStoreError} `backend_not_available` where the named one does not exist here;
 * `no_store` where none was named and the system has none.
 */
export async function openSecretStore(
  name: BuiltInBackendName | undefined,
  settings: SecretStoreSettings,
): Promise<SecretStore> {
  if (name !== undefined) {
    if (BACKENDS[name].isHere(settings)) return await BACKENDS[name].open(settings);
    throw notAvailable(name);
  }
  const [first, ...others] = AUTOMATIC[settings.environment.os];
  const best = await look(first, settings);
  // Those that hang do so at the same time.
  const found = best.works
    ? [best]
    : [best, ...await Promise.all(others.map((other) => look(other, settings)))];
  const works = found.findIndex((finding) => finding.works);
  if (works < 0) throw noStore(found);
  const store = await BACKENDS[found[works]!.name].open(settings);
  return { ...store, passedOver: found.slice(0, works) };
}
