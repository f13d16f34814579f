/**
 * Whether other users could change a file or folder, or put another in its place. Not on Windows,
 * where folders of the user's profile are private.
 *
 * @module
 */

import type { UnsafePath } from "../../ports.ts";
import { notWritable } from "./file_errors.ts";
import { folderOf, pathIn } from "./paths.ts";

const GROUP_WRITE = 0o020;
const OTHERS_WRITE = 0o002;
const STICKY = 0o1000;
const PRIVATE_MODE = 0o700;

type Owner = Pick<Deno.FileInfo, "uid" | "gid">;

function isMissing(error: unknown): boolean {
  return error instanceof Deno.errors.NotFound;
}

function statOrUndefined(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The entries of /etc/passwd or /etc/group; none if the file can't be read. */
function entriesOf(path: string): string[][] {
  try {
    return Deno.readTextFileSync(path).split("\n").map((line) => line.split(":"));
  } catch {
    return [];
  }
}

/**
 * Whether nobody else is in the group: it is the owner's own, as Debian and Fedora create one for each
 * user. A group that is not in /etc/group is judged by its number.
 */
function isOwnGroup({ uid, gid }: Owner): boolean {
  const users = entriesOf("/etc/passwd");
  const owner = users.find(([, , id]) => id === String(uid))?.[0];
  const group = entriesOf("/etc/group").find(([, , id]) => id === String(gid));
  if (group === undefined || owner === undefined) return uid === gid;
  const members = (group[3] ?? "").split(",").map((name) => name.trim())
    .concat(users.filter(([, , , id]) => id === String(gid)).map(([name]) => name!));
  return group[0] === owner && members.every((name) => name === "" || name === owner);
}

/** Whether a file belongs to the user or root. */
export function isOwned({ uid }: Pick<Deno.FileInfo, "uid">): boolean {
  return Deno.build.os === "windows" || uid === 0 || uid === Deno.uid();
}

/** Sticky folders, such as /tmp, let nobody replace another user's files. */
function reasonFor(info: Deno.FileInfo, isAbove: boolean): UnsafePath["reason"] | undefined {
  if (!isOwned(info)) return "owner";
  const mode = info.mode ?? 0;
  if (isAbove && (mode & STICKY) !== 0) return undefined;
  if ((mode & OTHERS_WRITE) !== 0) return "writable";
  return (mode & GROUP_WRITE) !== 0 && !isOwnGroup(info) ? "writable" : undefined;
}

/** A path and all folders above it, the topmost first. */
function withFoldersAbove(path: string): string[] {
  const found = [path];
  for (let here = path; folderOf(here) !== here;) {
    here = folderOf(here);
    found.unshift(here);
  }
  return found;
}

function realPath(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch {
    return path;
  }
}

/** Implements `Files.findUnsafe`: follows links, so both the path and the real path are checked. */
export function findUnsafe(path: string): UnsafePath | undefined {
  if (Deno.build.os === "windows") return undefined;
  const absolute = pathIn(Deno.cwd(), path);
  for (const full of new Set([absolute, realPath(absolute)])) {
    for (const here of withFoldersAbove(full)) {
      const info = statOrUndefined(here);
      if (info === undefined) break;
      const reason = reasonFor(info, here !== full);
      if (reason !== undefined) return { path: here, reason, isFolder: info.isDirectory };
    }
  }
  return undefined;
}

/** Removes what others own or could have written. */
function removeForeign(folder: string): void {
  for (const { name } of Deno.readDirSync(folder)) {
    const path = pathIn(folder, name);
    const info = Deno.lstatSync(path);
    const isForeign = !isOwned(info) || info.isSymlink;
    const isOpen = ((info.mode ?? 0) & (GROUP_WRITE | OTHERS_WRITE)) !== 0;
    if (isForeign || (isOpen && !info.isDirectory)) {
      Deno.removeSync(path, { recursive: !info.isSymlink });
    } else if (info.isDirectory) {
      if (isOpen) Deno.chmodSync(path, PRIVATE_MODE);
      removeForeign(path);
    }
  }
}

/** Implements `Files.makePrivate`. */
export function makePrivate(folder: string): void {
  const info = statOrUndefined(folder);
  if (Deno.build.os === "windows" || info === undefined || info.uid !== Deno.uid()) return;
  const mode = info.mode ?? 0;
  if ((mode & 0o077) === 0) return;
  try {
    Deno.chmodSync(folder, PRIVATE_MODE);
    if ((mode & (GROUP_WRITE | OTHERS_WRITE)) !== 0) removeForeign(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
}
