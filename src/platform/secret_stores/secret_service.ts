/**
 * The `secret-service` backend: the keyring of a Linux desktop (GNOME Keyring, KWallet, KeePassXC),
 * through libsecret's `secret-tool`.
 *
 * Items are stored as base64: the tool reads at most 8,192 bytes and cuts the rest off in silence.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { SecretStore } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { checkAccountName, SERVICE } from "./account_name.ts";
import { runSecretTool, secretToolError, type SecretToolSettings } from "./secret_tool.ts";
import { type StoreLockSettings, withStoreLock } from "./store_lock.ts";

/** What the `secret-service` backend needs. */
export interface SecretServiceSettings extends SecretToolSettings, StoreLockSettings {
  /** How long a read may take, a person's unlocking of the keyring included; 30,000 if left out. */
  readTimeoutMilliseconds?: number;
}

/** What `secret-tool store` reads of its standard input (libsecret, tool/secret-tool.c). */
const MOST_BYTES = 8_192;
const READ_MILLISECONDS = 30_000;
/** The person may have to choose a password for a new keyring. */
const WRITE_MILLISECONDS = 120_000;
const PROBE_MILLISECONDS = 2_000;

function attributes(account: string): string[] {
  return ["service", SERVICE, "account", checkAccountName(account)];
}

function decode(base64: string): Secret {
  try {
    const bytes = Uint8Array.fromBase64(base64.trim());
    return new Secret(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new SecretStoreError("the keyring's item for this account is damaged", {
      code: "damaged",
      hint: "store the secrets anew with okta-aws init",
    });
  }
}

/**
 * Whether there is an item that a failed `lookup` or `clear` did not reach. `search` tells a locked
 * item from a missing one; its standard output may hold the secret.
 */
async function refuseUnlessMissing(
  account: string,
  settings: SecretServiceSettings,
): Promise<void> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["search", ...attributes(account)],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
  if (stdout !== "" || /locked/i.test(stderr)) throw secretToolError("locked");
}

async function read(account: string, settings: SecretServiceSettings): Promise<Secret | undefined> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["lookup", ...attributes(account)],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code === 0) return decode(stdout);
  if (/dismissed|cancell?ed/i.test(stderr)) throw secretToolError(stderr);
  await refuseUnlessMissing(account, settings);
  return undefined;
}

function encode(item: Secret): string {
  const base64 = new TextEncoder().encode(item.reveal()).toBase64();
  if (base64.length <= MOST_BYTES) return base64;
  throw new SecretStoreError(
    `the item has ${base64.length} bytes, the keyring takes ${MOST_BYTES}`,
    { code: "too_large", hint: "choose another backend (--backend file)" },
  );
}

async function store(
  account: string,
  item: Secret,
  settings: SecretServiceSettings,
): Promise<void> {
  const input = encode(item);
  const { code, stderr } = await runSecretTool(settings, {
    args: ["store", `--label=okta-aws (${account})`, ...attributes(account)],
    input,
    timeoutMilliseconds: WRITE_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
  const stored = await read(account, settings);
  if (stored?.reveal() === item.reveal()) return;
  throw new SecretStoreError("the keyring gives back something else than was stored", {
    code: "not_stored",
    hint: "choose another backend (--backend file)",
  });
}

async function remove(account: string, settings: SecretServiceSettings): Promise<boolean> {
  const { code } = await runSecretTool(settings, {
    args: ["clear", ...attributes(account)],
    timeoutMilliseconds: WRITE_MILLISECONDS,
  });
  if (code === 0) return true;
  await refuseUnlessMissing(account, settings);
  return false;
}

/**
 * Whether the secret service can be used: the tool is there, a D-Bus session, a service on it. No
 * item is read and no question asked.
 *
 * @param settings How the tool is run.
 * @returns `undefined` where it can, else why not; known within 2 seconds.
 */
export async function probeSecretService(
  settings: SecretToolSettings,
): Promise<SecretStoreError | undefined> {
  try {
    const { code, stderr } = await runSecretTool(settings, {
      args: ["search", "service", `${SERVICE}-probe`],
      timeoutMilliseconds: PROBE_MILLISECONDS,
    });
    return code === 0 ? undefined : secretToolError(stderr);
  } catch (error) {
    if (error instanceof SecretStoreError) return error;
    throw error;
  }
}

/**
 * Items in the keyring of the desktop.
 *
 * @param settings How the tool is run, and where the lock between writers stands.
 * @returns The store. Its methods reject with a `SecretStoreError`: `locked`, `cancelled`,
 * `unavailable`, `timeout`, `damaged`; `write` also with `too_large` (over 8,192 bytes of base64)
 * and `not_stored`.
 */
export function secretServiceStore(settings: SecretServiceSettings): SecretStore {
  return {
    name: "secret-service",
    read: (account) => read(account, settings),
    write: (account, item) => withStoreLock(settings, () => store(account, item, settings)),
    remove: (account) => withStoreLock(settings, () => remove(account, settings)),
  };
}
