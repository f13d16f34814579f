/**
 * The `secret-service` backend: the keyring of a Linux desktop (GNOME Keyring, KWallet, KeePassXC),
 * through libsecret's `secret-tool`.
 *
 * Items are stored as base64, long ones in several entries: the tool reads at most 8,192 bytes and
 * cuts the rest off in silence.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { SecretStore } from "../../ports.ts";
import { checkAccountName, SERVICE } from "./account_name.ts";
import type { Entries, EntryStep } from "./entries.ts";
import { catchStoreError, entryStore } from "./entry_store.ts";
import { runSecretTool, secretToolError, type SecretToolSettings } from "./secret_tool.ts";
import type { StoreLockSettings } from "./store_lock.ts";

/** What the `secret-service` backend needs. */
export interface SecretServiceSettings extends SecretToolSettings, StoreLockSettings {
  /** How long a read may take, a person's unlocking of the keyring included; 30,000 if left out. */
  readTimeoutMilliseconds?: number;
}

/** What `secret-tool store` reads of its standard input (libsecret, tool/secret-tool.c), less `\n`. */
const MOST_LENGTH = 8_191;
const READ_MILLISECONDS = 30_000;
/** The person may have to choose a password for a new keyring. */
const WRITE_MILLISECONDS = 120_000;
const PROBE_MILLISECONDS = 2_000;

/** `lookup` takes any item that has what is asked for: a part must not pass for the head. */
function attributes(account: string, part?: string): string[] {
  if (part === undefined) return ["service", SERVICE, "account", account];
  return ["service", `${SERVICE}-part`, "account", account, "part", part];
}

/**
 * Whether there is an item that a failed `lookup` or `clear` did not reach. `search` tells a locked
 * item from a missing one; its standard output may hold the secret.
 */
async function refuseUnlessMissing(
  wanted: string[],
  settings: SecretServiceSettings,
): Promise<void> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["search", ...wanted],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
  if (stdout !== "" || /locked/i.test(stderr)) throw secretToolError("locked");
}

async function read(
  wanted: string[],
  settings: SecretServiceSettings,
): Promise<string | undefined> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["lookup", ...wanted],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code === 0) return stdout.trim();
  if (/dismissed|cancell?ed/i.test(stderr)) throw secretToolError(stderr);
  await refuseUnlessMissing(wanted, settings);
  return undefined;
}

async function store(
  label: string,
  wanted: string[],
  text: string,
  settings: SecretServiceSettings,
): Promise<void> {
  const { code, stderr } = await runSecretTool(settings, {
    args: ["store", `--label=${label}`, ...wanted],
    input: text,
    timeoutMilliseconds: WRITE_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
}

async function clear(wanted: string[], settings: SecretServiceSettings): Promise<boolean> {
  const { code } = await runSecretTool(settings, {
    args: ["clear", ...wanted],
    timeoutMilliseconds: WRITE_MILLISECONDS,
  });
  if (code === 0) return true;
  await refuseUnlessMissing(wanted, settings);
  return false;
}

function entriesOf(account: string, settings: SecretServiceSettings): Entries {
  checkAccountName(account);
  const label = `okta-aws (${account})`;
  const step = async (step: EntryStep): Promise<string | undefined> => {
    const wanted = attributes(account, step.part);
    if (step.kind === "read") return await read(wanted, settings);
    if (step.kind === "remove") return await clear(wanted, settings) ? "" : undefined;
    await store(step.part === undefined ? label : `${label}, part`, wanted, step.text, settings);
    return undefined;
  };
  return {
    backend: "secret-service",
    mostLength: MOST_LENGTH,
    async run(steps) {
      const results: (string | undefined)[] = [];
      for (const one of steps) results.push(await step(one));
      return results;
    },
  };
}

/** The secrets stand on standard output as base64, one line each: they can't pass for an attribute. */
async function list(settings: SecretServiceSettings): Promise<string[]> {
  const { code, stdout, stderr } = await runSecretTool(settings, {
    args: ["search", "--all", "service", SERVICE],
    timeoutMilliseconds: settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  });
  if (code !== 0) throw secretToolError(stderr);
  const found = `${stdout}\n${stderr}`.matchAll(/^attribute\.account = (\S+)$/gm);
  return Array.from(found, ([, account]) => account!).sort();
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
  return await catchStoreError(async () => {
    const { code, stderr } = await runSecretTool(settings, {
      args: ["search", "service", `${SERVICE}-probe`],
      timeoutMilliseconds: PROBE_MILLISECONDS,
    });
    return code === 0 ? undefined : secretToolError(stderr);
  });
}

/**
 * Items in the keyring of the desktop.
 *
 * @param settings How the tool is run, and where the lock between writers stands.
 * @returns The store. Its methods reject with a `SecretStoreError`: `locked`, `cancelled`,
 * `unavailable`, `timeout`, `damaged`; `write` also with `not_stored`.
 */
export function secretServiceStore(settings: SecretServiceSettings): SecretStore {
  const entries = (account: string): Entries => entriesOf(account, settings);
  const backend = { name: "secret-service", entries, list: () => list(settings) } as const;
  return entryStore(backend, settings);
}
