/**
 * Replaces a file in one step: readers see the old content or the new one, never a part, and a crash
 * leaves the old one.
 *
 * @module
 */

import { SettingsError } from "../../errors.ts";
import { showUntrusted } from "../../untrusted_text.ts";
import { notWritable, systemCode } from "./file_errors.ts";
import { folderOf, nameOf, pathIn, realPathIn, TEMPORARY_NAME } from "./paths.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const MOST_LINKS = 40;
/** On Windows a rename fails while a virus scanner or another reader holds the target. */
const RENAME_TRIES = 10;
const RENAME_PAUSE_MILLISECONDS = 30;
/** After this long a temporary file is litter even if its process id exists (it may be reused). */
const LITTER_AGE_MILLISECONDS = 3_600_000;

function temporaryPrefix(target: string): string {
  return `.${nameOf(target).slice(0, 180)}.okta-aws-`;
}

function temporaryPath(target: string): string {
  const random = crypto.getRandomValues(new Uint8Array(4)).toHex();
  return pathIn(folderOf(target), `${temporaryPrefix(target)}${Deno.pid}-${random}.tmp`);
}

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound;
}

function unlessMissing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return pathIn(folderOf(path), Deno.readLinkSync(path));
  } catch {
    return undefined;
  }
}

/** Where a file is or will be, without links. */
interface Place {
  target: string;
  found: Deno.FileInfo | undefined;
}

/** For a new file one call fails, not three: a refresh creates hundreds, and an exception is slow. */
function locate(path: string): Place {
  let here = path;
  for (let links = 0; links < MOST_LINKS; links++) {
    const own = unlessMissing(() => Deno.lstatSync(here));
    if (own === undefined) break;
    const target = unlessMissing(() => Deno.realPathSync(here));
    if (target !== undefined) {
      return { target, found: own.isSymlink ? unlessMissing(() => Deno.statSync(target)) : own };
    }
    const next = linkTarget(here);
    if (next === undefined) break;
    here = next;
  }
  const folder = unlessMissing(() => Deno.realPathSync(folderOf(here)));
  return {
    target: folder === undefined ? here : realPathIn(folder, nameOf(here)),
    found: undefined,
  };
}

/** Follows symbolic links, those of folders included; the last one may point to nothing yet. */
export function followLinks(path: string): string {
  return locate(path).target;
}

function isSame(target: string, expected: Uint8Array): boolean {
  const found = unlessMissing(() => Deno.readFileSync(target)) ?? new Uint8Array();
  return found.length === expected.length && found.every((byte, at) => byte === expected[at]);
}

/** What to write. */
interface NewContent {
  data: Uint8Array;
  /** Of a new file. */
  mode: number;
  /** Whether it has to survive a power failure; default: yes. */
  synced?: boolean;
  /** What the file has to contain just before it is replaced; any content if `undefined`. */
  expected?: Uint8Array | undefined;
}

function refuseReadOnly(target: string, found: Deno.FileInfo): void {
  if (found.mode === null || (found.mode & 0o200) !== 0) return;
  throw new SettingsError(`${showUntrusted(target)} is read-only`, {
    code: "file_not_writable",
    hint: "the file was not changed; to allow changes: chmod u+w",
  });
}

function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks whether the process exists (kill(2)); the types only know names.
    Deno.kill(pid, 0 as unknown as Deno.Signal);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

function isLitter(path: string, pid: number): boolean {
  const modified = Deno.lstatSync(path).mtime?.getTime() ?? Date.now();
  if (Date.now() - modified > LITTER_AGE_MILLISECONDS) return true;
  return Deno.build.os !== "windows" && pid !== Deno.pid && !isAlive(pid);
}

/** Temporary files by folder, as they were at our first write there: a refresh writes hundreds of files. */
const temporaryFiles = new Map<string, readonly string[]>();

function listTemporaryFiles(folder: string): readonly string[] {
  const known = temporaryFiles.get(folder);
  if (known !== undefined) return known;
  let names: string[] = [];
  try {
    names = Array.from(Deno.readDirSync(folder)).filter(({ isFile }) => isFile)
      .map(({ name }) => name).filter((name) => TEMPORARY_NAME.test(name));
  } catch { /* a folder that can't be listed may be written to all the same */ }
  temporaryFiles.set(folder, names);
  return names;
}

/** Removes what killed writers of the same file left behind. */
function clearLitter(target: string): void {
  const folder = folderOf(target);
  const prefix = temporaryPrefix(target);
  for (const name of listTemporaryFiles(folder)) {
    const pid = name.startsWith(prefix) ? TEMPORARY_NAME.exec(name)?.[1] : undefined;
    if (pid === undefined) continue;
    const path = pathIn(folder, name);
    try {
      if (isLitter(path, Number(pid))) Deno.removeSync(path);
    } catch { /* another writer was faster */ }
  }
}

function keepOwner(path: string, found: Deno.FileInfo): void {
  if (Deno.build.os === "windows") return;
  if (found.uid === Deno.uid() && found.gid === Deno.gid()) return;
  try {
    Deno.chownSync(path, found.uid, found.gid);
  } catch { /* only root can; the file is then ours, as with any editor */ }
}

function writeTemporary(
  path: string,
  { data, mode, synced }: Required<Omit<NewContent, "expected">>,
): void {
  const file = Deno.openSync(path, { write: true, createNew: true, mode: FILE_MODE });
  try {
    for (let at = 0; at < data.length;) at += file.writeSync(data.subarray(at));
    // The umask applies to open(2), not to chmod(2).
    if (Deno.build.os !== "windows" && mode !== FILE_MODE) Deno.chmodSync(path, mode);
    if (synced) file.syncSync();
  } finally {
    file.close();
  }
}

function syncFolder(folder: string): void {
  if (Deno.build.os === "windows") return;
  try {
    using handle = Deno.openSync(folder);
    handle.syncSync();
  } catch { /* some file systems refuse; the rename is done */ }
}

async function rename(from: string, to: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return Deno.renameSync(from, to);
    } catch (error) {
      const passing = Deno.build.os === "windows" && !isMissing(error) &&
        systemCode(error) !== "EISDIR";
      if (!passing || tries === RENAME_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, RENAME_PAUSE_MILLISECONDS));
    }
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch { /* it is already gone */ }
}

/** Returns whether the file was replaced. */
async function replace({ target, found }: Place, content: NewContent): Promise<boolean> {
  const { data, mode: modeIfNew, expected, synced = true } = content;
  if (found?.isDirectory) throw new Deno.errors.IsADirectory("it is a folder");
  if (found !== undefined) refuseReadOnly(target, found);
  const folder = folderOf(target);
  Deno.mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  clearLitter(target);
  const temporary = temporaryPath(target);
  try {
    const mode = found === undefined || found.mode === null ? modeIfNew : found.mode & 0o777;
    writeTemporary(temporary, { data, mode, synced });
    if (found !== undefined) keepOwner(temporary, found);
    if (expected !== undefined && !isSame(target, expected)) {
      removeQuietly(temporary);
      return false;
    }
    await rename(temporary, target);
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  }
  if (synced) syncFolder(folder);
  return true;
}

/**
 * Implements `Files.writeAtomic`. Creates the target of a link that points to nothing, and removes what
 * killed writers of the same file left behind.
 *
 * @throws {SettingsError} `file_not_writable`, `disk_full`; the old content is then untouched.
 */
export async function writeAtomic(
  path: string,
  data: Uint8Array,
  mode: number = FILE_MODE,
  synced = true,
): Promise<void> {
  try {
    await replace(locate(path), { data, mode, synced });
  } catch (error) {
    throw notWritable(path, error);
  }
}

/**
 * Implements `Files.replaceIfSame`: compares after the new content is on the disk, just before the
 * rename.
 */
export async function replaceIfSame(
  path: string,
  expected: Uint8Array,
  data: Uint8Array,
): Promise<boolean> {
  try {
    return await replace(locate(path), { data, mode: FILE_MODE, expected });
  } catch (error) {
    throw notWritable(path, error);
  }
}
