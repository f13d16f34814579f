/** Path functions without the cost of `node:path`. @module */

/** The names of our temporary files, with the process's id. */
export const TEMPORARY_NAME: RegExp = /^\..+\.okta-aws-(\d+)-[0-9a-f]{8}\.tmp$/;

const windows: boolean = Deno.build.os === "windows";

function isSeparator(character: string | undefined): boolean {
  return character === "/" || (windows && character === "\\");
}

function lastSeparator(path: string): number {
  const slash = path.lastIndexOf("/");
  return windows ? Math.max(slash, path.lastIndexOf("\\")) : slash;
}

/** The folder of an absolute path; a root's folder is the root itself. */
export function folderOf(path: string): string {
  const at = lastSeparator(path);
  const folder = path.slice(0, Math.max(at, 0));
  return folder === "" || folder.endsWith(":") ? path.slice(0, at + 1) : folder;
}

export function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/** Joins a folder and a relative path; an absolute path is returned unchanged. */
export function pathIn(folder: string, name: string): string {
  if (isSeparator(name[0]) || /^[A-Za-z]:[\\/]/.test(name)) return name;
  return isSeparator(folder.at(-1)) ? folder + name : `${folder}/${name}`;
}

/** The path of a folder's entry as `Deno.realPath` writes it: without slashes on Windows. */
export function realPathIn(
  folder: string,
  name: string,
  os: typeof Deno.build.os = Deno.build.os,
): string {
  const path = pathIn(folder, name);
  return os === "windows" ? path.replaceAll("/", "\\") : path;
}
