/**
 * The `Files` port.
 *
 * Loaded on every run, even when `cred-process` answers from its cache: what a cache hit doesn't need
 * is loaded when it is used.
 *
 * @module
 */

import type { FileFacts, Files } from "../../ports.ts";
import { folderOf, TEMPORARY_NAME } from "./paths.ts";

const atomicWrite = async () =>
  await import("./atomic_write.ts" as string) as typeof import("./atomic_write.ts");
const fileErrors = async () =>
  await import("./file_errors.ts" as string) as typeof import("./file_errors.ts");
const fileLock = async () =>
  await import("./file_lock.ts" as string) as typeof import("./file_lock.ts");
const ownership = async () =>
  await import("./ownership.ts" as string) as typeof import("./ownership.ts");

/** Returns `missing` if there is no such file. */
async function unlessMissing<T, M>(
  path: string,
  missing: M,
  act: () => T | Promise<T>,
): Promise<T | M> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return missing;
    throw (await fileErrors()).notReadable(path, error);
  }
}

/** @returns Whether there was one. */
async function remove(path: string, options?: Deno.RemoveOptions): Promise<boolean> {
  try {
    Deno.removeSync(path, options);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw (await fileErrors()).notWritable(path, error);
  }
}

/** Without those of others on Windows: Deno makes them up there, from the read-only attribute. */
export function permissionBits(
  mode: number | null,
  os: typeof Deno.build.os = Deno.build.os,
): number | undefined {
  return mode === null ? undefined : mode & (os === "windows" ? 0o700 : 0o7777);
}

async function restrictToOwner(path: string): Promise<boolean> {
  const mode = permissionBits(Deno.statSync(path).mode) ?? 0;
  // One that may not be written stays as it is.
  if ((mode & 0o077) === 0 || (mode & 0o200) === 0) return false;
  try {
    Deno.chmodSync(path, mode & 0o700);
  } catch (error) {
    throw (await fileErrors()).notWritable(path, error);
  }
  return true;
}

function factsOf(path: string): FileFacts {
  const { mode, mtime, size, uid } = Deno.statSync(path);
  return {
    owned: uid === null || uid === 0 || uid === Deno.uid(),
    mode: permissionBits(mode),
    modified: mtime?.getTime() ?? 0,
    size,
  };
}

const PRIVATE = 0o077;
const STICKY = 0o1000;
const WRITABLE = 0o022;
/** Its group may write if it has the user's number, as Debian and Fedora create one for each user. */
const WRITABLE_BY_OTHERS = 0o002;

/** The bits that no folder above a private one may have. */
function forbiddenAbove({ uid, gid, mode }: Deno.FileInfo): number {
  // In a sticky folder (/tmp), nobody can replace another user's files.
  if ((mode! & STICKY) !== 0) return 0;
  return uid === gid ? WRITABLE_BY_OTHERS : WRITABLE;
}

function isPrivateFolder(path: string): boolean {
  if (Deno.build.os === "windows") return true;
  for (let here = path, below = ""; here !== below; below = here, here = folderOf(here)) {
    const info = Deno.statSync(here);
    if (info.uid !== Deno.uid() && info.uid !== 0) return false;
    const forbidden = here === path ? PRIVATE : forbiddenAbove(info);
    if ((info.mode! & forbidden) !== 0) return false;
  }
  return true;
}

function namesIn(directory: string): string[] {
  const names = Array.from(Deno.readDirSync(directory), (entry) => entry.name);
  return names.filter((name) => !TEMPORARY_NAME.test(name)).sort();
}

/**
 * `list` leaves out our temporary files, which belong to writers at work or killed ones.
 *
 * Error codes: `file_not_readable`, `file_not_writable`, `disk_full`, `no_file_locks`.
 */
export function systemFiles(): Files {
  return {
    read: (path) => unlessMissing(path, undefined, () => Deno.readFileSync(path)),
    restrictToOwner: (path) => unlessMissing(path, false, () => restrictToOwner(path)),
    removeFolder: (path) => remove(path, { recursive: true }),
    facts: (path) => unlessMissing(path, undefined, () => factsOf(path)),
    list: (directory) => unlessMissing(directory, [], () => namesIn(directory)),
    writeAtomic: async (...args) => await (await atomicWrite()).writeAtomic(...args),
    replaceIfSame: async (...args) => await (await atomicWrite()).replaceIfSame(...args),
    async realPath(path) {
      const { followLinks } = await atomicWrite();
      return await unlessMissing(path, path, () => followLinks(path));
    },
    isPrivateFolder: (path) => new Promise((resolve) => resolve(isPrivateFolder(path))),
    findUnsafe: async (path) => (await ownership()).findUnsafe(path),
    makePrivate: async (folder) => (await ownership()).makePrivate(folder),
    remove: (path) => remove(path),
    lock: async (...args) => await (await fileLock()).takeLock(...args),
  };
}
