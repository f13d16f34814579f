/**
 * The `dpapi` backend: Windows' Data Protection API encrypts an item for the current user, the
 * ciphertext stands in a file beside the settings.
 *
 * Source: https://learn.microsoft.com/dotnet/api/system.security.cryptography.protecteddata
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, Files, SecretStore } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { pathIn } from "../files/paths.ts";
import { checkAccountName } from "./account_name.ts";
import { type DpapiDocument, parseDpapiDocument } from "./dpapi_document.ts";
import { PROTECT_SCRIPT, UNPROTECT_SCRIPT } from "./dpapi_scripts.ts";
import { type PowerShellSettings, runPowerShell } from "./powershell.ts";
import { withStoreLock } from "./store_lock.ts";

/** What the `dpapi` backend needs. */
export interface DpapiSettings extends PowerShellSettings {
  /** The variables, and the system. */
  environment: Pick<Environment, "all" | "get" | "os">;
  /** The folder `secrets` beside the settings, absolute. */
  secretsFolder: string;
  /** The file system. */
  files: Pick<Files, "read" | "writeAtomic" | "remove" | "list" | "lock">;
  /** How long PowerShell may take; 60,000 if left out: on guarded machines it takes 30 s. */
  timeoutMilliseconds?: number;
}

const POWERSHELL_MILLISECONDS = 60_000;
/** In front of every item: nothing is empty, which DPAPI does not take everywhere. */
const FIRST_BYTE = 1;

const encoder = new TextEncoder();

function base64(text: string): string {
  return encoder.encode(text).toBase64();
}

/** A file that was copied to another account's name does not open. */
function entropy(account: string): string {
  return base64(`okta-aws ${account}`);
}

function damaged(path: string): SecretStoreError {
  return new SecretStoreError(`${showUntrusted(path)} is damaged`, {
    code: "damaged",
    hint: "restore it from a backup, or store the secrets anew with okta-aws init",
  });
}

async function convert(
  settings: DpapiSettings,
  script: string,
  lines: string[],
): Promise<string> {
  const timeoutMilliseconds = settings.timeoutMilliseconds ?? POWERSHELL_MILLISECONDS;
  const printed = await runPowerShell(settings, { script, lines, timeoutMilliseconds });
  return printed.at(-1)!;
}

function decode(plain: string, path: string): Secret {
  try {
    const bytes = Uint8Array.fromBase64(plain);
    if (bytes[0] !== FIRST_BYTE) throw damaged(path);
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return new Secret(decoder.decode(bytes.subarray(1)));
  } catch {
    throw damaged(path);
  }
}

async function readDocument(
  path: string,
  account: string,
  settings: DpapiSettings,
): Promise<DpapiDocument | undefined> {
  const bytes = await settings.files.read(path);
  if (bytes === undefined) return undefined;
  const document = parseDpapiDocument(bytes);
  if (document?.account === account) return document;
  // The `file` backend's item of the same name is not ours.
  if (document === undefined && /"kdf"/.test(new TextDecoder().decode(bytes))) return undefined;
  throw damaged(path);
}

async function read(account: string, settings: DpapiSettings): Promise<Secret | undefined> {
  const path = pathIn(settings.secretsFolder, checkAccountName(account));
  const document = await readDocument(path, account, settings);
  if (document === undefined) return undefined;
  const lines = [document.dpapi, entropy(account)];
  return decode(await convert(settings, UNPROTECT_SCRIPT, lines), path);
}

/** Windows alone has such a folder: under WSL the file stands in Linux, with mode 0600. */
function guardedFolder({ environment, secretsFolder }: DpapiSettings): string {
  return environment.os === "windows" ? base64(secretsFolder) : "";
}

async function write(account: string, item: Secret, settings: DpapiSettings): Promise<void> {
  const path = pathIn(settings.secretsFolder, checkAccountName(account));
  const text = encoder.encode(item.reveal());
  const plain = new Uint8Array([FIRST_BYTE, ...text]).toBase64();
  const lines = [plain, entropy(account), guardedFolder(settings)];
  const printed = await convert(settings, PROTECT_SCRIPT, lines);
  const document: DpapiDocument = { version: 1, account, dpapi: printed };
  const bytes = encoder.encode(JSON.stringify(document, undefined, 2) + "\n");
  await withStoreLock(settings, () => settings.files.writeAtomic(path, bytes, 0o600));
}

async function remove(account: string, settings: DpapiSettings): Promise<boolean> {
  const path = pathIn(settings.secretsFolder, checkAccountName(account));
  const bytes = await settings.files.read(path);
  if (bytes === undefined || parseDpapiDocument(bytes) === undefined) return false;
  return await settings.files.remove(path);
}

async function list({ secretsFolder, files }: DpapiSettings): Promise<string[]> {
  const accounts: string[] = [];
  for (const name of await files.list(secretsFolder)) {
    const bytes = await files.read(pathIn(secretsFolder, name));
    if (bytes && parseDpapiDocument(bytes)?.account === name) accounts.push(name);
  }
  return accounts;
}

/**
 * Items that Windows encrypts for its user.
 *
 * @param settings How PowerShell is run, and where the files stand.
 * @returns The store. Its methods reject with a `SecretStoreError`: `denied`, `unavailable`,
 * `timeout`, `damaged`.
 */
export function dpapiStore(settings: DpapiSettings): SecretStore {
  return {
    name: "dpapi",
    read: (account) => read(account, settings),
    write: (account, item) => write(account, item, settings),
    remove: (account) => remove(account, settings),
    list: () => list(settings),
  };
}
