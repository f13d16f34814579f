/** Path functions without the cost of `node:path`. @module */

/** The names of our temporary files, with the process's id. */
export const TEMPORARY_NAME: RegExp = /^\..+\.okta-aws-(\d+)-[0-9a-f]{8}\.tmp$/;

const separators: RegExp = Deno.build.os === "windows" ? /[\\/]/ : /\//;

function lastSeparator(path: string): number {
  for (let at = path.length - 1; at >= 0; at--) if (separators.test(path[at]!)) return at;
  return -1;
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
  if (separators.test(name[0] ?? "") || /^[A-Za-z]:[\\/]/.test(name)) return name;
  return separators.test(folder.at(-1) ?? "") ? folder + name : `${folder}/${name}`;
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
