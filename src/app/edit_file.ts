/**
 * Changing a file of the person's: under a lock, kept as it was first found, replaced in one step.
 *
 * @module
 */

import { SettingsError } from "../errors.ts";
import { formatIniDiff } from "../ini/diff.ts";
import { encodeLossless } from "../ini/lossless_text.ts";
import { hashName } from "../store/json_file.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "./context.ts";

/** How long to wait for another process that changes the same file. */
const LOCK_MILLISECONDS = 30_000;

/** How long the file as it was first found is kept. */
const BACKUP_MILLISECONDS = 30 * 24 * 3600 * 1000;

/** How a file is changed. */
export interface FileEdit {
  /** The file. */
  path: string;
  /** Gives the new text for the old one; the same text changes nothing. */
  change: (text: string) => string;
  /** Only tell what would change. */
  dryRun?: boolean;
  /** Shows what changes; as INI where it is left out. */
  diff?: (path: string, before: string, after: string) => string;
  /** Keep a copy of how the file was first found. */
  backup?: boolean;
}

/**
 * Changes a file.
 *
 * @param edit The change.
 * @returns The change as a diff, secrets left out; empty where nothing changes.
 * @throws {SettingsError} `file_not_writable`, `file_locked`; the file is then as it was.
 */
export async function editFile(
  { ports: { files, clock }, paths }: AppContext,
  { path, change, diff = formatIniDiff, dryRun = false, backup = false }: FileEdit,
): Promise<string> {
  const lockPath = `${paths.cache}/locks/${await hashName([path])}.lock`;
  const lock = await files.lock(lockPath, { timeoutMilliseconds: LOCK_MILLISECONDS });
  if (lock === undefined) throw locked(path);
  try {
    const before = await readLossless(files, path);
    const after = change(before);
    if (after === before) return "";
    if (!dryRun) {
      if (backup) await keepFirst(files, paths.cache, path, clock.now());
      await files.writeAtomic(path, encodeLossless(after), 0o600);
    }
    return diff(path, before, after);
  } finally {
    lock.release();
  }
}

/** An emptied copy stays behind: it tells that the file has been ours to change since then. */
async function keepFirst(
  files: AppContext["ports"]["files"],
  cache: string,
  path: string,
  now: number,
): Promise<void> {
  const copy = `${cache}/backup/${await hashName([path])}`;
  const facts = await files.facts(copy);
  if (facts === undefined) {
    const content = await files.read(path);
    return files.writeAtomic(copy, content ?? new Uint8Array(), 0o600);
  }
  if (now - facts.modified > BACKUP_MILLISECONDS) {
    await files.writeAtomic(copy, new Uint8Array(), 0o600);
  }
}

function locked(path: string): SettingsError {
  return new SettingsError(`another okta-aws has been changing ${showUntrusted(path)} for long`, {
    code: "file_locked",
    hint: "finish or stop it, then try again",
  });
}
