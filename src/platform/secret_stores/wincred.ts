/**
 * The `wincred` backend: generic credentials of the Windows Credential Manager, long items in
 * several of them.
 *
 * @module
 */

import { SecretStoreError } from "../../errors.ts";
import type { SecretStore } from "../../ports.ts";
import { checkAccountName, SERVICE } from "./account_name.ts";
import type { Entries, EntryStep } from "./entries.ts";
import { entryStore } from "./entry_store.ts";
import { type PowerShellSettings, runPowerShell } from "./powershell.ts";
import type { StoreLockSettings } from "./store_lock.ts";
import { WINCRED_SCRIPT } from "./wincred_script.ts";

/** What the `wincred` backend needs. */
export interface WincredSettings extends PowerShellSettings, StoreLockSettings {
  /** How long PowerShell may take; 60,000 if left out: on guarded machines it takes 30 s. */
  timeoutMilliseconds?: number;
}

/** CRED_MAX_CREDENTIAL_BLOB_SIZE, in bytes, each one character of ours. */
const MOST_LENGTH = 2_560;
const POWERSHELL_MILLISECONDS = 60_000;

function target(account: string, part?: string): string {
  return part === undefined ? `${SERVICE}:${account}` : `${SERVICE}-part:${account}:${part}`;
}

function formatStep(account: string, step: EntryStep): string {
  const words = [step.kind, target(account, step.part)];
  return (step.kind === "write" ? [...words, step.text] : words).join(" ");
}

/** One start of PowerShell does all steps: that is what takes the time. */
async function runSteps(steps: readonly string[], settings: WincredSettings): Promise<string[]> {
  const answers = await runPowerShell(settings, {
    script: WINCRED_SCRIPT,
    lines: steps,
    timeoutMilliseconds: settings.timeoutMilliseconds ?? POWERSHELL_MILLISECONDS,
  });
  if (answers.length === steps.length && answers.every((line) => /^(?:ok|none)\b/.test(line))) {
    return answers;
  }
  throw new SecretStoreError("PowerShell gives an answer that is none", {
    code: "unavailable",
    hint: "see whether PowerShell works (powershell -NoProfile), " +
      "or choose another backend (--backend file)",
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

/**
 * Items in the Windows Credential Manager.
 *
 * @param settings How PowerShell is run, and where the lock between writers stands.
 * @returns The store. Its methods reject with a `SecretStoreError`: `denied`, `unavailable`,
 * `timeout`, `damaged`; `write` also with `not_stored`.
 */
export function wincredStore(settings: WincredSettings): SecretStore {
  const entries = (account: string): Entries => entriesOf(account, settings);
  const backend = { name: "wincred", entries, list: () => list(settings) } as const;
  return entryStore(backend, settings);
}
