import { SettingsError } from "../errors.ts";
import { formatIniDiff } from "../ini/diff.ts";
import { encodeLossless } from "../ini/lossless_text.ts";
import { hashName } from "../store/json_file.ts";
import { showUntrusted } from "../untrusted_text.ts";
import { readLossless } from "../aws/files/aws_files.ts";
import type { AppContext } from "./context.ts";

/** The wait for another process that changes the same file. */
const LOCK_MILLISECONDS = 30_000;

const BACKUP_MILLISECONDS = 30 * 24 * 3600 * 1000;

export interface FileEdit {
  path: string;
  /**
   * Returns the new text; if it is the same, the file is not written. Called again if another program
   * changes the file meanwhile.
   */
  change: (text: string) => string;
  /** Only return the diff. */
  dryRun?: boolean;
  /** Must redact secrets (default: as INI). */
  diff?: (path: string, before: string, after: string) => string;
  /** Keep the file's original for 30 days. */
  backup?: boolean;
  /** Whether secrets go into it: other users must not be able to read it. */
  isPrivate?: boolean;
}

/** So many times another program may change the file while we do. */
const TRIES = 20;

/**
 * Changes a file of the user's under a lock, in one step. The lock is that of the file itself, whatever
 * links lead to it. If a program that doesn't take our locks changes the file meanwhile, its change is
 * kept: we start again with the new content.
 *
 * @returns The diff without secrets; empty if nothing changes.
 * @throws {SettingsError} `file_not_writable`, `file_locked`; the file was not changed then.
 */
export async function editFile(
  context: AppContext,
  edit: FileEdit,
): Promise<string> {
  const { ports: { files }, paths } = context;
  const { path } = edit;
  const lockPath = `${paths.cache}/locks/${await hashName([await files.realPath(path)])}.lock`;
  const lock = await files.lock(lockPath, { timeoutMilliseconds: LOCK_MILLISECONDS });
  if (lock === undefined) throw locked(path);
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      const diff = await tryEdit(context, edit);
      if (diff !== undefined) return diff;
    }
    throw locked(path);
  } finally {
    lock.release();
  }
}

/** Returns the diff; `undefined` if another program has changed the file meanwhile. */
async function tryEdit(
  context: AppContext,
  { path, change, diff = formatIniDiff, dryRun = false, backup = false, isPrivate = false }:
    FileEdit,
): Promise<string | undefined> {
  const { files } = context.ports;
  const before = await readLossless(files, path);
  const after = change(before);
  if (after === before) return "";
  if (dryRun) return diff(path, before, after);
  if (backup) await keepOriginal(context, path);
  if (isPrivate && await files.restrictToOwner(path)) {
    await context.interaction.say(
      `removed the permissions of other users from ${showUntrusted(path)}`,
    );
  }
  const isWritten = await files.replaceIfSame(path, encodeLossless(before), encodeLossless(after));
  return isWritten ? diff(path, before, after) : undefined;
}

/** Empties an old copy, since without one the next edit would take our version for the original. */
async function keepOriginal(
  { ports: { files, clock }, paths }: AppContext,
  path: string,
): Promise<void> {
  const copy = `${paths.cache}/backup/${await hashName([path])}`;
  const facts = await files.facts(copy);
  if (facts === undefined) {
    const content = await files.read(path);
    return files.writeAtomic(copy, content ?? new Uint8Array(), 0o600);
  }
  if (clock.now() - facts.modified > BACKUP_MILLISECONDS) {
    await files.writeAtomic(copy, new Uint8Array(), 0o600);
  }
}

function locked(path: string): SettingsError {
  const message = `could not change ${showUntrusted(path)}: another program is changing it`;
  return new SettingsError(message, {
    code: "file_locked",
    hint: "wait for it or stop it, then try again",
  });
}
