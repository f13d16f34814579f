/**
 * Running a script of ours in Windows PowerShell 5.1, or in PowerShell 7 where that is not there.
 * The script goes in as an argument, what is secret by standard input. Both sides speak lines of
 * ASCII alone, so that no code page changes anything.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { catchStoreError } from "./entry_store.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { runStoreProgram, type StoreProgramResult } from "./store_program.ts";

/** How PowerShell is run. */
export interface PowerShellSettings {
  /** The variables, and the system: under WSL the Windows underneath answers. */
  environment: Pick<Environment, "all" | "get" | "os">;
  /** The program; the system's where it is left out. */
  tool?: string;
}

/** One run. */
export interface PowerShellRun {
  /** What is done between {@linkcode FRAME}'s lines. */
  script: string;
  /** The lines that the script reads: base64 and plain words. */
  lines: readonly string[];
  /** The run is killed after this long. */
  timeoutMilliseconds: number;
}

const OTHER_BACKEND = "or choose another backend (--backend file)";
const PROBE_MILLISECONDS = 2_000;

/**
 * What stands around every script. All lines are read before anything is done: were we killed
 * before we have written `end`, nothing is. `constrained` is printed in the one way that a
 * restricted PowerShell allows.
 */
const FRAME = (script: string): string =>
  `if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { 'constrained'; exit 3 }
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$lines = New-Object System.Collections.Generic.List[string]
for (;;) {
  $line = [Console]::In.ReadLine()
  if ($null -eq $line) { [Console]::Out.WriteLine('cut'); exit 4 }
  if ($line -eq 'end') { break }
  $lines.Add($line)
}
try {
${script}
} catch {
  $e = $_.Exception
  while ($null -ne $e.InnerException) { $e = $e.InnerException }
  $number = $e.HResult
  if ($e -is [System.ComponentModel.Win32Exception]) { $number = $e.NativeErrorCode }
  $words = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($e.Message))
  [Console]::Out.WriteLine('error ' + $number + ' ' + $words)
  exit 1
}
`;

/** Error numbers of Windows', and what they mean (winerror.h). */
const MEANINGS: Record<number, { code: string; says: string; hint: string }> = {
  // NTE_BAD_KEY_STATE, 0x8009000B
  [-2146893813]: {
    code: "denied",
    says: "Windows can't decrypt the item: another user or another machine has encrypted it",
    hint: "run as the user who stored it, or store the secrets anew with okta-aws init",
  },
  // ERROR_INVALID_DATA, 0x8007000D
  [-2147024883]: {
    code: "damaged",
    says: "the encrypted item is damaged",
    hint: "restore it from a backup, or store the secrets anew with okta-aws init",
  },
  // ERROR_NO_SUCH_LOGON_SESSION
  1312: {
    code: "unavailable",
    says: "the Credential Manager can't be used in this logon session",
    hint: "sign in to Windows with your password (not by SSH with a key), " + OTHER_BACKEND,
  },
  // ERROR_ACCESS_DENIED
  5: {
    code: "denied",
    says: "Windows refused access to the item",
    hint: "run as the user who stored it, " + OTHER_BACKEND,
  },
};

function failure(line: string): SecretStoreError {
  const [, number = "", words = ""] = /^error (-?\d+) ([\w+/=]*)$/.exec(line) ?? [];
  const meaning = MEANINGS[Number(number)];
  if (meaning !== undefined) {
    return new SecretStoreError(meaning.says, { code: meaning.code, hint: meaning.hint });
  }
  let says = "it gives no reason";
  try {
    says = showUntrusted(new TextDecoder().decode(Uint8Array.fromBase64(words))) || says;
  } catch { /* not even base64: there is no reason in it */ }
  return new SecretStoreError(`PowerShell failed: ${says}`, {
    code: "unavailable",
    hint: `see whether PowerShell works (powershell -NoProfile), ${OTHER_BACKEND}`,
  });
}

function constrained(): SecretStoreError {
  return new SecretStoreError("PowerShell is restricted here (Constrained Language Mode)", {
    code: "unavailable",
    hint: "choose another backend (--backend file): a policy of this machine forbids this one",
  });
}

function programs({ environment, tool }: PowerShellSettings): string[] {
  if (tool !== undefined) return [tool];
  const folder = "System32/WindowsPowerShell/v1.0/powershell.exe";
  if (environment.os !== "windows") return ["powershell.exe", `/mnt/c/Windows/${folder}`];
  const root = environment.get("SystemRoot") ?? "C:\\Windows";
  // The one in the system's folder: a planted one may stand before it in PATH.
  return [`${root}\\${folder.replaceAll("/", "\\")}`, "pwsh.exe"];
}

function encodeCommand(script: string): string {
  const units = Uint16Array.from(script, (_, at) => script.charCodeAt(at));
  return new Uint8Array(units.buffer).toBase64();
}

async function start(
  settings: PowerShellSettings,
  { script, lines, timeoutMilliseconds }: PowerShellRun,
): Promise<StoreProgramResult> {
  const args = ["-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand"];
  let result: StoreProgramResult | undefined;
  for (const program of programs(settings)) {
    result = await runStoreProgram({
      environment: settings.environment,
      program,
      args: [...args, encodeCommand(FRAME(script))],
      input: [...lines, "end", ""].join("\n"),
      timeoutMilliseconds,
    });
    if (result.kind !== "not_started") break;
  }
  return result!;
}

/**
 * Runs a script.
 *
 * @param settings How.
 * @param run The script, its lines, its time.
 * @returns The lines that it printed.
 * @throws {SecretStoreError} `unavailable` where PowerShell can't be started or is restricted,
 * `timeout` where it took too long and was killed, else what Windows' error means: `denied`,
 * `damaged`.
 */
export async function runPowerShell(
  settings: PowerShellSettings,
  run: PowerShellRun,
): Promise<string[]> {
  const result = await start(settings, run);
  if (result.kind === "not_started") {
    throw new SecretStoreError("PowerShell can't be started", {
      code: "unavailable",
      hint: `see whether powershell.exe can be run here, ${OTHER_BACKEND}`,
      cause: result.error,
    });
  }
  if (result.kind === "late") {
    throw new SecretStoreError("PowerShell does not answer", {
      code: "timeout",
      hint: `run the command again when the machine is less busy, ${OTHER_BACKEND}`,
    });
  }
  const lines = result.stdout.trim().split(/\r?\n/);
  if (lines.at(-1) === "constrained") throw constrained();
  if (result.code !== 0) throw failure(lines.at(-1)!);
  return lines;
}

/**
 * Whether PowerShell runs scripts here.
 *
 * @param settings How it is run.
 * @returns `undefined` where it does, else why not; known within 2 seconds.
 */
export async function probePowerShell(
  settings: PowerShellSettings,
): Promise<SecretStoreError | undefined> {
  return await catchStoreError(async () => {
    const script = "[Console]::Out.WriteLine('ready')";
    await runPowerShell(settings, { script, lines: [], timeoutMilliseconds: PROBE_MILLISECONDS });
    return undefined;
  });
}
