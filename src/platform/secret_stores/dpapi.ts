/**
 * The `dpapi` backend: Windows' Data Protection API encrypts an item for the current user; the
 * ciphertext is in a file beside the settings.
 *
 * Source: https://learn.microsoft.com/dotnet/api/system.security.cryptography.protecteddata
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment, Files, SecretStore } from "../../ports.ts";
import { Secret } from "../../secret.ts";
import { pathIn } from "../files/paths.ts";
import { POWERSHELL_MILLISECONDS, type PowerShellSettings, runPowerShell } from "./powershell.ts";
import { checkAccountName, damagedFile, withStoreLock } from "./store_rules.ts";

export interface DpapiSettings extends PowerShellSettings {
  environment: Pick<Environment, "all" | "get" | "os">;
  /** The folder `secrets` beside the settings, absolute. */
  secretsFolder: string;
  files: Pick<Files, "read" | "writeAtomic" | "remove" | "list" | "lock">;
  /** Time limit of PowerShell (default: 60,000). */
  timeoutMilliseconds?: number;
}

/** The file of an item, JSON. */
interface DpapiDocument {
  version: 1;
  /** Also part of the entropy: a file copied to another account's name does not open. */
  account: string;
  /** What `ProtectedData.Protect` returned, base64. */
  dpapi: string;
}

/** In PowerShell 7 the class is in another assembly, which may be loaded already. */
const LOAD =
  `  if ($PSVersionTable.PSVersion.Major -lt 6) { Add-Type -AssemblyName System.Security }
  else { try { Add-Type -AssemblyName System.Security.Cryptography.ProtectedData } catch { } }
`;

/**
 * Encrypts the first line with the entropy of the second, and decrypts it again to be sure. The third
 * line, if not empty, is a folder to make, to which only its owner then has access.
 */
const PROTECT_SCRIPT = LOAD +
  `  $plain = [Convert]::FromBase64String($lines[0])
  $entropy = [Convert]::FromBase64String($lines[1])
  if ($lines[2] -ne '') {
    $path = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($lines[2]))
    $folder = [System.IO.Directory]::CreateDirectory($path)
    $user = [System.Security.Principal.WindowsIdentity]::GetCurrent().User
    $rule = New-Object System.Security.AccessControl.FileSystemAccessRule($user, 'FullControl', 'ContainerInherit,ObjectInherit', 'None', 'Allow')
    $access = New-Object System.Security.AccessControl.DirectorySecurity
    $access.SetAccessRuleProtection($true, $false)
    $access.AddAccessRule($rule)
    if ($PSVersionTable.PSVersion.Major -lt 6) { $folder.SetAccessControl($access) }
    else { [System.IO.FileSystemAclExtensions]::SetAccessControl($folder, $access) }
  }
  $sealed = [System.Security.Cryptography.ProtectedData]::Protect($plain, $entropy, 'CurrentUser')
  $opened = [System.Security.Cryptography.ProtectedData]::Unprotect($sealed, $entropy, 'CurrentUser')
  if ([Convert]::ToBase64String($opened) -ne $lines[0]) { throw 'DPAPI returned something else' }
  [Console]::Out.WriteLine([Convert]::ToBase64String($sealed))`;

/** Decrypts the first line with the entropy of the second. */
const UNPROTECT_SCRIPT = LOAD +
  `  $sealed = [Convert]::FromBase64String($lines[0])
  $entropy = [Convert]::FromBase64String($lines[1])
  $plain = [System.Security.Cryptography.ProtectedData]::Unprotect($sealed, $entropy, 'CurrentUser')
  [Console]::Out.WriteLine([Convert]::ToBase64String($plain))`;

/** Before every item, as DPAPI does not accept empty data everywhere. */
const FIRST_BYTE = 1;

const encoder = new TextEncoder();

function base64(text: string): string {
  return encoder.encode(text).toBase64();
}

function entropy(account: string): string {
  return base64(`okta-aws ${account}`);
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

function damaged(path: string): SecretStoreError {
  return damagedFile(path, "run okta-aws init to store the secrets again");
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

/** The document in a file, or `undefined` if the file is not a `dpapi` item. */
function parseDpapiDocument(bytes: Uint8Array): DpapiDocument | undefined {
  try {
    const value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const { version, account, dpapi } = value as Partial<DpapiDocument>;
    const isWhole = version === 1 && typeof account === "string" && typeof dpapi === "string";
    return isWhole ? { version, account, dpapi } : undefined;
  } catch {
    return undefined;
  }
}

/** For the `file` backend, whose items are in the same folder under the same names. */
export function isDpapiDocument(bytes: Uint8Array): boolean {
  return parseDpapiDocument(bytes) !== undefined;
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
  // An item of the `file` backend.
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

/** On Windows only: under WSL the file is in Linux, with mode 0600. */
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

/** Error codes: `denied`, `unavailable`, `timeout`, `damaged`. */
export function dpapiStore(settings: DpapiSettings): SecretStore {
  return {
    name: "dpapi",
    read: (account) => read(account, settings),
    write: (account, item) => write(account, item, settings),
    remove: (account) => remove(account, settings),
    list: () => list(settings),
  };
}
