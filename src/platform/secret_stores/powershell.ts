/**
 * Runs our scripts in Windows PowerShell 5.1, or in PowerShell 7 if that is missing. The script is an
 * argument, secrets go through standard input. Both sides use lines of ASCII only, so that no code
 * page changes anything.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { Environment } from "../../ports.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { runStoreProgram, type StoreProgramResult } from "./store_program.ts";
import { catchStoreError, errorOf, type FailureMeaning, OTHER_BACKEND } from "./store_rules.ts";

export interface PowerShellSettings {
  /** Under WSL, Windows runs it. */
  environment: Pick<Environment, "all" | "get" | "os">;
  /** The program (default: the system's). */
  tool?: string;
}

export interface PowerShellRun {
  script: string;
  /** What the script reads as `$lines`: base64 and plain words. */
  lines: readonly string[];
  /** PowerShell is killed after this long. */
  timeoutMilliseconds: number;
}

/** The usual time limit: on guarded machines a run takes 30 s. */
export const POWERSHELL_MILLISECONDS = 60_000;
const PROBE_MILLISECONDS = 2_000;

/**
 * Wraps every script. It reads all lines first: if we are killed before we have written `end`, it does
 * nothing. `constrained` is printed in the one way that a restricted PowerShell allows.
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

/** By Windows' error number (winerror.h). */
const MEANINGS: Record<number, FailureMeaning> = {
  // NTE_BAD_KEY_STATE, 0x8009000B
  [-2146893813]: {
    code: "denied",
    message: "Windows can't decrypt the item: another user or machine encrypted it",
    hint: "run as the user who stored it, or run okta-aws init to store the secrets again",
  },
  // ERROR_INVALID_DATA, 0x8007000D
  [-2147024883]: {
    code: "damaged",
    message: "the encrypted item is damaged",
    hint: "restore it from a backup, or run okta-aws init to store the secrets again",
  },
  // ERROR_NO_SUCH_LOGON_SESSION
  1312: {
    code: "unavailable",
    message: "the Credential Manager can't be used in this logon session",
    hint: "sign in to Windows with your password (not by SSH with a key), " + OTHER_BACKEND,
  },
  // ERROR_ACCESS_DENIED
  5: {
    code: "denied",
    message: "Windows refused access to the item",
    hint: "run as the user who stored it, " + OTHER_BACKEND,
  },
};

function failure(line: string): SecretStoreError {
  const [, number = "", words = ""] = /^error (-?\d+) ([\w+/=]*)$/.exec(line) ?? [];
  const meaning = MEANINGS[Number(number)];
  if (meaning !== undefined) return errorOf(meaning);
  let reason = "no reason given";
  try {
    reason = showUntrusted(new TextDecoder().decode(Uint8Array.fromBase64(words))) || reason;
  } catch { /* not base64 */ }
  return new SecretStoreError(`PowerShell failed: ${reason}`, {
    code: "unavailable",
    hint: `check that PowerShell works (powershell -NoProfile), ${OTHER_BACKEND}`,
  });
}

function constrained(): SecretStoreError {
  return new SecretStoreError("PowerShell is restricted here (Constrained Language Mode)", {
    code: "unavailable",
    hint: "choose another backend (--backend file): a policy of this machine blocks this one",
  });
}

function programs({ environment, tool }: PowerShellSettings): string[] {
  if (tool !== undefined) return [tool];
  const folder = "System32/WindowsPowerShell/v1.0/powershell.exe";
  if (environment.os !== "windows") return ["powershell.exe", `/mnt/c/Windows/${folder}`];
  const root = environment.get("SystemRoot") ?? "C:\\Windows";
  // By full path: another program of that name may come first in PATH.
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
 * Runs a script and returns the lines it printed.
 *
 * @throws {SecretStoreError} `unavailable` if PowerShell can't be started or is restricted, `timeout`,
 * `denied`, `damaged`.
 */
export async function runPowerShell(
  settings: PowerShellSettings,
  run: PowerShellRun,
): Promise<string[]> {
  const result = await start(settings, run);
  if (result.kind === "not_started") {
    throw new SecretStoreError("could not start PowerShell", {
      code: "unavailable",
      hint: `check that powershell.exe runs here, ${OTHER_BACKEND}`,
      cause: result.error,
    });
  }
  if (result.kind === "timeout") {
    throw new SecretStoreError("PowerShell timed out", {
      code: "timeout",
      hint: `try again when the machine is less busy, ${OTHER_BACKEND}`,
    });
  }
  const lines = result.stdout.trim().split(/\r?\n/);
  if (lines.at(-1) === "constrained") throw constrained();
  if (result.code !== 0) throw failure(lines.at(-1)!);
  return lines;
}

/** Why PowerShell can't be used; within 2 seconds. */
export async function probePowerShell(
  settings: PowerShellSettings,
): Promise<SecretStoreError | undefined> {
  return await catchStoreError(async () => {
    const script = "[Console]::Out.WriteLine('ready')";
    await runPowerShell(settings, { script, lines: [], timeoutMilliseconds: PROBE_MILLISECONDS });
    return undefined;
  });
}
