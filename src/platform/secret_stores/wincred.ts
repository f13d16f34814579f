/**
 * The `wincred` backend: generic credentials of the Windows Credential Manager; long items take
 * several.
 *
 * `cmdkey` is not used to store: it takes the password as an argument (`/pass:`), which everyone on
 * the machine can see. `CredWrite` is the call underneath it.
 *
 * Source: https://learn.microsoft.com/windows/win32/api/wincred/
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { SecretStore } from "../../ports.ts";
import { type Entries, type EntryStep, entryStore } from "./entries.ts";
import { POWERSHELL_MILLISECONDS, type PowerShellSettings, runPowerShell } from "./powershell.ts";
import { checkAccountName, OTHER_BACKEND, SERVICE, type StoreLockSettings } from "./store_rules.ts";

export interface WincredSettings extends PowerShellSettings, StoreLockSettings {
  /** Time limit of PowerShell (default: 60,000). */
  timeoutMilliseconds?: number;
}

/** CRED_MAX_CREDENTIAL_BLOB_SIZE in bytes, one per character. */
const MOST_LENGTH = 2_560;

/** C# 5, which is what Windows PowerShell 5.1 compiles. */
const VAULT = `using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
public static class OktaAwsVault {
  [StructLayout(LayoutKind.Sequential, CharSet = CharSet.Unicode)]
  struct Credential {
    public uint Flags;
    public uint Type;
    public string TargetName;
    public string Comment;
    public System.Runtime.InteropServices.ComTypes.FILETIME LastWritten;
    public uint BlobSize;
    public IntPtr Blob;
    public uint Persist;
    public uint AttributeCount;
    public IntPtr Attributes;
    public string TargetAlias;
    public string UserName;
  }
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool CredReadW(string target, uint type, uint flags, out IntPtr credential);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool CredWriteW(ref Credential credential, uint flags);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool CredDeleteW(string target, uint type, uint flags);
  [DllImport("advapi32.dll", CharSet = CharSet.Unicode, SetLastError = true)]
  static extern bool CredEnumerateW(string filter, uint flags, out uint count, out IntPtr list);
  [DllImport("advapi32.dll")]
  static extern void CredFree(IntPtr buffer);
  const uint Generic = 1;
  const uint LocalMachine = 2;
  const int NotFound = 1168;
  static bool Found(bool done) {
    if (done) return true;
    int error = Marshal.GetLastWin32Error();
    if (error == NotFound) return false;
    throw new Win32Exception(error);
  }
  static Credential At(IntPtr pointer) {
    return (Credential)Marshal.PtrToStructure(pointer, typeof(Credential));
  }
  public static string Read(string target) {
    IntPtr pointer;
    if (!Found(CredReadW(target, Generic, 0, out pointer))) return null;
    try {
      Credential credential = At(pointer);
      byte[] bytes = new byte[credential.BlobSize];
      if (bytes.Length > 0) Marshal.Copy(credential.Blob, bytes, 0, bytes.Length);
      return Encoding.ASCII.GetString(bytes);
    } finally { CredFree(pointer); }
  }
  public static void Write(string target, string text) {
    byte[] bytes = Encoding.ASCII.GetBytes(text);
    IntPtr blob = Marshal.AllocHGlobal(bytes.Length + 1);
    try {
      Marshal.Copy(bytes, 0, blob, bytes.Length);
      Credential credential = new Credential();
      credential.Type = Generic;
      credential.TargetName = target;
      credential.BlobSize = (uint)bytes.Length;
      credential.Blob = blob;
      credential.Persist = LocalMachine;
      credential.UserName = "okta-aws";
      if (!CredWriteW(ref credential, 0)) throw new Win32Exception(Marshal.GetLastWin32Error());
    } finally { Marshal.FreeHGlobal(blob); }
  }
  public static bool Remove(string target) {
    return Found(CredDeleteW(target, Generic, 0));
  }
  public static string[] List(string filter) {
    uint count;
    IntPtr list;
    List<string> targets = new List<string>();
    if (!Found(CredEnumerateW(filter, 0, out count, out list))) return targets.ToArray();
    try {
      for (int at = 0; at < count; at++) {
        Credential credential = At(Marshal.ReadIntPtr(list, at * IntPtr.Size));
        if (credential.Type == Generic) targets.Add(credential.TargetName);
      }
    } finally { CredFree(list); }
    return targets.ToArray();
  }
}`;

/**
 * `read TARGET` → `ok TEXT` or `none`; `write TARGET TEXT` → `ok`; `remove TARGET` → `ok` or `none`;
 * `list FILTER` → `ok` and the targets, separated by blanks.
 */
const SCRIPT = `  Add-Type -TypeDefinition @'
${VAULT}
'@
  foreach ($step in $lines) {
    $words = $step.Split(' ')
    $answer = 'none'
    if ($words[0] -eq 'read') {
      $text = [OktaAwsVault]::Read($words[1])
      if ($null -ne $text) { $answer = 'ok ' + $text }
    } elseif ($words[0] -eq 'write') {
      [OktaAwsVault]::Write($words[1], $words[2])
      $answer = 'ok'
    } elseif ($words[0] -eq 'remove') {
      if ([OktaAwsVault]::Remove($words[1])) { $answer = 'ok' }
    } elseif ($words[0] -eq 'list') {
      $answer = 'ok ' + ([OktaAwsVault]::List($words[1]) -join ' ')
    }
    [Console]::Out.WriteLine($answer)
  }`;

function target(account: string, part?: string): string {
  return part === undefined ? `${SERVICE}:${account}` : `${SERVICE}-part:${account}:${part}`;
}

function formatStep(account: string, step: EntryStep): string {
  const words = [step.kind, target(account, step.part)];
  return (step.kind === "write" ? [...words, step.text] : words).join(" ");
}

/** Starts PowerShell once for all steps, as starting is what takes the time. */
async function runSteps(steps: readonly string[], settings: WincredSettings): Promise<string[]> {
  const answers = await runPowerShell(settings, {
    script: SCRIPT,
    lines: steps,
    timeoutMilliseconds: settings.timeoutMilliseconds ?? POWERSHELL_MILLISECONDS,
  });
  if (answers.length === steps.length && answers.every((line) => /^(?:ok|none)\b/.test(line))) {
    return answers;
  }
  throw new SecretStoreError("unexpected output from PowerShell", {
    code: "unavailable",
    hint: `check that PowerShell works (powershell -NoProfile), ${OTHER_BACKEND}`,
  });
}

function entriesOf(account: string, settings: WincredSettings): Entries {
  checkAccountName(account);
  return {
    backend: "wincred",
    mostLength: MOST_LENGTH,
    async run(steps) {
      const answers = await runSteps(steps.map((step) => formatStep(account, step)), settings);
      return answers.map((line) => line === "none" ? undefined : line.slice("ok ".length));
    },
  };
}

async function list(settings: WincredSettings): Promise<string[]> {
  const [answer] = await runSteps([`list ${target("*")}`], settings);
  const targets = answer!.split(" ").slice(1).filter((word) => word !== "");
  return targets.map((word) => word.slice(target("").length)).sort();
}

/** Error codes: `denied`, `unavailable`, `timeout`, `damaged`, `not_stored`. */
export function wincredStore(settings: WincredSettings): SecretStore {
  const entries = (account: string): Entries => entriesOf(account, settings);
  const backend = { name: "wincred", entries, list: () => list(settings) } as const;
  return entryStore(backend, settings);
}
