/**
 * The list of secret stores, and which of them is used.
 *
 * To add a store:
 * 1. Add its name to `BuiltInBackendName` (src/ports/secret_store.ts) and to `BACKENDS`
 *    (src/settings/settings_keys.ts).
 * 2. Write it in a file of this folder: a function that returns a `SecretStore`, and a probe that
 *    returns why it can't be used. env.ts is the shortest one; entries.ts splits large items.
 * 3. Add it to `BACKENDS` below, and to `AUTOMATIC` or `BY_NAME`.
 * 4. Run the contract (tests/platform/secret_stores/contract.ts) against it, and describe it in
 *    SECURITY.md and the docs.
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
  environment: Pick<Environment, "all" | "get" | "os" | "home">;
  files: Files;
  /** Where the `file` backend asks for its passphrase. */
  terminal: Pick<Terminal, "canAsk" | "askSecret" | "write">;
  /** The folder `secrets` beside the settings, absolute; also holds the lock between writers. */
  secretsFolder: string;
  /** How long the keys of `file` are kept; 0 or omitted: not at all. */
  passphraseCacheSeconds?: number | undefined;
  /** The account's settings that concern a backend. */
  account?: StoreAccountSettings | undefined;
}

type Settings = SecretStoreSettings;

interface Backend {
  /** Whether it exists on this system. */
  isHere: (settings: Settings) => boolean;
  open: (settings: Settings) => Promise<SecretStore>;
  /** Why it can't be used, within 2 seconds. Opens nothing and asks nobody. */
  probe: (settings: Settings) => Promise<SecretStoreError | undefined>;
}

/** Every secret store. Each is loaded only when it is used. */
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
    isHere: hasPowerShell,
    open: async (settings) => (await import("./dpapi.ts")).dpapiStore(settings),
    probe: async (settings) => (await import("./powershell.ts")).probePowerShell(settings),
  },
  "wincred": {
    isHere: hasPowerShell,
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
    open: openFileStore,
    probe: () => Promise.resolve(undefined),
  },
  "env": {
    isHere: () => true,
    open: async ({ environment }) => (await import("./env.ts")).envStore(environment),
    probe: async ({ environment }) => (await import("./env.ts")).probeEnv(environment),
  },
  "command": {
    isHere: () => true,
    open: async (settings) => (await import("./command.ts")).commandStore(settings),
    probe: async (settings) => (await import("./command.ts")).probeCommand(settings),
  },
};

/** Only Linux has the keyring that keeps the keys. */
async function openFileStore(settings: Settings): Promise<SecretStore> {
  const { environment, secretsFolder, passphraseCacheSeconds: seconds = 0 } = settings;
  const { fileStore } = await import("./file.ts");
  if (seconds === 0 || environment.os !== "linux") return fileStore(settings);
  const { openKeyCache } = await import("./key_cache.ts");
  const keys = openKeyCache({ environment, secretsFolder, seconds });
  return fileStore({ ...settings, cache: { keys, seconds } });
}

/** The default backends in order of preference: the system's own first. */
const AUTOMATIC: Record<Environment["os"], readonly [BuiltInBackendName, ...BuiltInBackendName[]]> =
  {
    linux: ["secret-service", "pass"],
    darwin: ["keychain", "pass"],
    windows: ["dpapi", "wincred", "pass"],
  };

/** Backends used only by name, in the order in which they are reported. */
const BY_NAME: readonly BuiltInBackendName[] = ["dpapi", "wincred", "file", "env", "command"];

/** On Windows, and under WSL, where `powershell.exe` reaches Windows. */
function hasPowerShell({ environment: { os, get } }: Settings): boolean {
  const isWsl = get("WSL_DISTRO_NAME") !== undefined || get("WSL_INTEROP") !== undefined;
  return os === "windows" || (os === "linux" && isWsl);
}

function notAvailable(name: BuiltInBackendName): SecretStoreError {
  return new SecretStoreError(`the secret backend ${name} does not exist on this system`, {
    code: "backend_not_available",
    hint: "choose another backend: --backend file",
  });
}

function noStore(passedOver: readonly StoreFinding[]): SecretStoreError {
  const why = passedOver.map(({ name, why }) => `${name}: ${why}`).join("; ");
  return new SecretStoreError(`no secret store works here: ${why}`, {
    code: "no_store",
    hint: "choose one, such as an encrypted file: --backend file (or OKTA_AWS_BACKEND)",
  });
}

async function probe(name: BuiltInBackendName, settings: Settings): Promise<StoreFinding> {
  const error = await BACKENDS[name].probe(settings);
  return error === undefined ? { name, works: true } : { name, works: false, why: error.message };
}

const NO_TERMINAL: Settings["terminal"] = {
  canAsk: () => Promise.resolve(false),
  askSecret: () => Promise.reject(new Error("no terminal")),
  write: () => {},
};

/**
 * The backends that exist on this system, and whether they work, in order of preference; those from
 * `file` on are used only by name. Takes up to 2 seconds; opens nothing and asks nobody.
 */
export function surveySecretStores(
  settings: Omit<SecretStoreSettings, "terminal">,
): Promise<StoreFinding[]> {
  const silent = { ...settings, terminal: NO_TERMINAL };
  const names = [...new Set([...AUTOMATIC[settings.environment.os], ...BY_NAME])];
  const here = names.filter((name) => BACKENDS[name].isHere(silent));
  return Promise.all(here.map((name) => probe(name, silent)));
}

/**
 * Opens the named store, or the first of {@linkcode AUTOMATIC} whose probe (2 seconds at most)
 * succeeds; the result then says which were skipped. There is never a fallback from a store that
 * fails later.
 *
 * @throws {SecretStoreError} `backend_not_available` if the named one does not exist here;
 * `no_store` if none was named and none works.
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
  const best = await probe(first, settings);
  // In parallel: each of them may hang for 2 seconds.
  const found = best.works
    ? [best]
    : [best, ...await Promise.all(others.map((other) => probe(other, settings)))];
  const works = found.findIndex((finding) => finding.works);
  if (works < 0) throw noStore(found);
  const store = await BACKENDS[found[works]!.name].open(settings);
  return { ...store, passedOver: found.slice(0, works) };
}
