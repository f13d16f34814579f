/**
 * The `keychain` backend: generic passwords of a macOS keychain, through `/usr/bin/security`.
 *
 * Items are stored as `v1:` and base64, long ones in several entries: the tool takes lines of 4,095
 * bytes, and prints a password in hexadecimal if a byte of it is not printable.
 *
 * @module
 */

import type { SecretStoreError } from "../../errors.ts";
import type { Environment, Files, SecretStore, StoreAccountSettings } from "../../ports.ts";
import { pathIn } from "../files/paths.ts";
import { damagedItem, type Entries, type EntryStep, entryStore, runInOrder } from "./entries.ts";
import {
  ITEM_NOT_FOUND,
  MOST_LINE_BYTES,
  quoteWord,
  runSecurity,
  runSecurityLine,
  securityError,
  type SecurityProgramSettings,
} from "./security_program.ts";
import {
  catchStoreError,
  checkAccountName,
  SERVICE,
  type StoreLockSettings,
} from "./store_rules.ts";

export interface KeychainSettings extends SecurityProgramSettings, StoreLockSettings {
  environment: Pick<Environment, "all" | "home">;
  files: Pick<Files, "lock" | "facts">;
  account?: StoreAccountSettings | undefined;
  /** Time limit of a read, the user's answer included (default: 30,000). */
  readTimeoutMilliseconds?: number;
}

const READ_MILLISECONDS = 30_000;
/** Includes unlocking the keychain. */
const WRITE_MILLISECONDS = 120_000;
const PROBE_MILLISECONDS = 2_000;
const PREFIX = "v1:";
/** The rest of the command line at its longest: options, service, account and part. */
const WORDS_LENGTH = 200;

function keychainPath({ account, environment }: KeychainSettings): string[] {
  const path = account?.keychain;
  if (path === undefined) return [];
  return [path.startsWith("~/") ? pathIn(environment.home, path.slice(2)) : path];
}

/** A part has another service than the head, so that it can't be taken for it. */
function named(account: string, part?: string): string[] {
  if (part === undefined) return ["-s", SERVICE, "-a", account];
  return ["-s", `${SERVICE}-part`, "-a", `${account}.${part}`];
}

/** `-w` prints the password, or its bytes in hexadecimal. */
function textOf(printed: string): string {
  const text = printed.replace(/\r?\n$/, "");
  if (text.startsWith(PREFIX) || !/^(?:[0-9a-f]{2})+$/i.test(text)) return text;
  return new TextDecoder().decode(Uint8Array.fromHex(text));
}

async function read(entry: string[], settings: KeychainSettings): Promise<string | undefined> {
  const { code, stdout } = await runSecurity(
    settings,
    ["find-generic-password", ...entry, "-w", ...keychainPath(settings)],
    settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  );
  if (code === ITEM_NOT_FOUND) return undefined;
  if (code !== 0) throw securityError(code);
  const text = textOf(stdout);
  if (text.startsWith(PREFIX)) return text.slice(PREFIX.length);
  throw damagedItem("keychain");
}

/** The item trusts `security`, which makes it, so macOS does not ask at each read (SECURITY.md). */
async function store(entry: string[], text: string, settings: KeychainSettings): Promise<void> {
  const code = await runSecurityLine(
    settings,
    ["add-generic-password", "-U", ...entry, "-w", PREFIX + text, ...keychainPath(settings)],
    WRITE_MILLISECONDS,
  );
  if (code !== 0) throw securityError(code);
}

async function remove(entry: string[], settings: KeychainSettings): Promise<boolean> {
  const { code } = await runSecurity(
    settings,
    ["delete-generic-password", ...entry, ...keychainPath(settings)],
    WRITE_MILLISECONDS,
  );
  if (code !== 0 && code !== ITEM_NOT_FOUND) throw securityError(code);
  return code === 0;
}

function entriesOf(account: string, settings: KeychainSettings): Entries {
  checkAccountName(account);
  const path = keychainPath(settings).map(quoteWord).join("");
  const pathBytes = new TextEncoder().encode(path).length;
  const run = async (step: EntryStep): Promise<string | undefined> => {
    const entry = named(account, step.part);
    if (step.kind === "read") return await read(entry, settings);
    if (step.kind === "write") await store(entry, step.text, settings);
    else if (await remove(entry, settings)) return "";
    return undefined;
  };
  return {
    backend: "keychain",
    mostLength: Math.max(MOST_LINE_BYTES - WORDS_LENGTH - pathBytes, 1),
    run: (steps) => runInOrder(steps, run),
  };
}

/** The accounts of our service in the output of `security dump-keychain`, sorted. It has no secrets. */
export function accountsIn(dump: string): string[] {
  const items = dump.split(/^keychain: /m);
  const ours = items.filter((item) => item.includes(`"svce"<blob>="${SERVICE}"\n`));
  return ours.flatMap((item) => /"acct"<blob>="([^"\n]+)"/.exec(item)?.[1] ?? []).sort();
}

async function list(settings: KeychainSettings): Promise<string[]> {
  const { code, stdout } = await runSecurity(
    settings,
    ["dump-keychain", ...keychainPath(settings)],
    settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  );
  if (code !== 0) throw securityError(code);
  return accountsIn(stdout);
}

async function checkKeychain(settings: KeychainSettings): Promise<SecretStoreError | undefined> {
  const [path] = keychainPath(settings);
  if (path !== undefined && await settings.files.facts(path) === undefined) {
    return securityError(50);
  }
  const { code } = await runSecurity(settings, ["default-keychain"], PROBE_MILLISECONDS);
  return code === 0 || path !== undefined ? undefined : securityError(code);
}

/** Why there is no keychain; within 2 seconds. Can't tell whether it is locked without asking. */
export async function probeKeychain(
  settings: KeychainSettings,
): Promise<SecretStoreError | undefined> {
  return await catchStoreError(() => checkKeychain(settings));
}

/**
 * Error codes: `locked`, `cancelled`, `denied`, `unavailable`, `timeout`, `damaged`, `not_stored`,
 * `too_large`.
 */
export function keychainStore(settings: KeychainSettings): SecretStore {
  const entries = (account: string): Entries => entriesOf(account, settings);
  const backend = { name: "keychain", entries, list: () => list(settings) } as const;
  return entryStore(backend, settings);
}
