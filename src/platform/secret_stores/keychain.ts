/**
 * The `keychain` backend: generic passwords of a macOS keychain, through `/usr/bin/security`.
 *
 * Items are stored as base64 behind `v1:`, long ones in several entries: the tool takes lines of
 * 4,095 bytes, and prints a password as hexadecimal digits once it holds a byte that is not
 * printable.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, Files, SecretStore, StoreAccountSettings } from "../../ports.ts";
import { catchStoreError, entryStore } from "./entry_store.ts";
import { pathIn } from "../files/paths.ts";
import { checkAccountName, SERVICE } from "./account_name.ts";
import { damagedItem, type Entries, type EntryStep } from "./entries.ts";
import {
  ITEM_NOT_FOUND,
  MOST_LINE_BYTES,
  quoteWord,
  runSecurity,
  runSecurityLine,
  securityError,
  type SecurityProgramSettings,
} from "./security_program.ts";
import type { StoreLockSettings } from "./store_lock.ts";

/** What the `keychain` backend needs. */
export interface KeychainSettings extends SecurityProgramSettings, StoreLockSettings {
  /** The variables, and the home folder, from which `~` in the keychain's path counts. */
  environment: Pick<Environment, "all" | "home">;
  /** The file system. */
  files: Pick<Files, "lock" | "facts">;
  /** `keychain`: the keychain file to use in place of the default one. */
  account?: StoreAccountSettings | undefined;
  /** How long a read may take, a person's answer included; 30,000 if left out. */
  readTimeoutMilliseconds?: number;
}

const READ_MILLISECONDS = 30_000;
/** The person may have to unlock the keychain. */
const WRITE_MILLISECONDS = 120_000;
const PROBE_MILLISECONDS = 2_000;
const PREFIX = "v1:";
/** Command, options, service, account and part, all at their longest. */
const WORDS_LENGTH = 200;

function keychainPath({ account, environment }: KeychainSettings): string[] {
  const path = account?.keychain;
  if (path === undefined) return [];
  return [path.startsWith("~/") ? pathIn(environment.home, path.slice(2)) : path];
}

/** What names an entry; a part has another service, so that it can't be taken for the head. */
function named(account: string, part?: string): string[] {
  if (part === undefined) return ["-s", SERVICE, "-a", account];
  return ["-s", `${SERVICE}-part`, "-a", `${account}.${part}`];
}

/** What `-w` prints: the password, or its bytes as hexadecimal digits. */
function textOf(printed: string): string {
  const text = printed.replace(/\r?\n$/, "");
  if (text.startsWith(PREFIX) || !/^(?:[0-9a-f]{2})+$/i.test(text)) return text;
  return new TextDecoder().decode(Uint8Array.fromHex(text));
}

async function read(
  account: string,
  part: string | undefined,
  settings: KeychainSettings,
): Promise<string | undefined> {
  const { code, stdout } = await runSecurity(
    settings,
    ["find-generic-password", ...named(account, part), "-w", ...keychainPath(settings)],
    settings.readTimeoutMilliseconds ?? READ_MILLISECONDS,
  );
  if (code === ITEM_NOT_FOUND) return undefined;
  if (code !== 0) throw securityError(code);
  const text = textOf(stdout);
  if (text.startsWith(PREFIX)) return text.slice(PREFIX.length);
  throw damagedItem("keychain");
}

/** The item trusts `security`, which makes it: no question at each read (SECURITY.md). */
async function store(
  account: string,
  part: string | undefined,
  text: string,
  settings: KeychainSettings,
): Promise<void> {
  const code = await runSecurityLine(
    settings,
    [
      "add-generic-password",
      "-U",
      ...named(account, part),
      "-w",
      PREFIX + text,
      ...keychainPath(settings),
    ],
    WRITE_MILLISECONDS,
  );
  if (code !== 0) throw securityError(code);
}

async function remove(
  account: string,
  part: string | undefined,
  settings: KeychainSettings,
): Promise<boolean> {
  const { code } = await runSecurity(
    settings,
    ["delete-generic-password", ...named(account, part), ...keychainPath(settings)],
    WRITE_MILLISECONDS,
  );
  if (code !== 0 && code !== ITEM_NOT_FOUND) throw securityError(code);
  return code === 0;
}

function entriesOf(account: string, settings: KeychainSettings): Entries {
  checkAccountName(account);
  const path = keychainPath(settings).map(quoteWord).join("");
  const pathBytes = new TextEncoder().encode(path).length;
  const step = async (step: EntryStep): Promise<string | undefined> => {
    if (step.kind === "read") return await read(account, step.part, settings);
    if (step.kind === "write") await store(account, step.part, step.text, settings);
    else if (await remove(account, step.part, settings)) return "";
    return undefined;
  };
  return {
    backend: "keychain",
    mostLength: Math.max(MOST_LINE_BYTES - WORDS_LENGTH - pathBytes, 1),
    async run(steps) {
      const results: (string | undefined)[] = [];
      for (const one of steps) results.push(await step(one));
      return results;
    },
  };
}

/**
 * The accounts in what `security dump-keychain` prints: attributes, and no secret without `-d`.
 *
 * @param dump Its standard output.
 * @returns The accounts of our service, sorted.
 */
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

async function lookAtKeychain(settings: KeychainSettings): Promise<SecretStoreError | undefined> {
  const [path] = keychainPath(settings);
  if (path !== undefined && await settings.files.facts(path) === undefined) {
    return securityError(50);
  }
  const { code } = await runSecurity(settings, ["default-keychain"], PROBE_MILLISECONDS);
  return code === 0 || path !== undefined ? undefined : securityError(code);
}

/**
 * Whether there is a keychain. Whether it is locked can't be found out without a question.
 *
 * @param settings How the tool is run.
 * @returns `undefined` where there is one, else why not; known within 2 seconds.
 */
export async function probeKeychain(
  settings: KeychainSettings,
): Promise<SecretStoreError | undefined> {
  return await catchStoreError(() => lookAtKeychain(settings));
}

/**
 * Items in a macOS keychain.
 *
 * @param settings How the tool is run, which keychain, and where the lock between writers stands.
 * @returns The store. Its methods reject with a `SecretStoreError`: `locked`, `cancelled`, `denied`,
 * `unavailable`, `timeout`, `damaged`; `write` also with `not_stored`.
 */
export function keychainStore(settings: KeychainSettings): SecretStore {
  const entries = (account: string): Entries => entriesOf(account, settings);
  const backend = { name: "keychain", entries, list: () => list(settings) } as const;
  return entryStore(backend, settings);
}
