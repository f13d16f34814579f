/**
 * The few things that have to be known about paths, without `node:path`.
 *
 * @module
 */

const separators: RegExp = Deno.build.os === "windows" ? /[\\/]/ : /\//;

function lastSeparator(path: string): number {
  for (let at = path.length - 1; at >= 0; at--) if (separators.test(path[at]!)) return at;
  return -1;
}

/**
 * The folder part of a path.
 *
 * @param path An absolute path.
 * @returns The folder it stands in; a root's folder is the root itself.
 */
export function folderOf(path: string): string {
  const at = lastSeparator(path);
  const folder = path.slice(0, Math.max(at, 0));
  return folder === "" || folder.endsWith(":") ? path.slice(0, at + 1) : folder;
}

/**
 * The last part of a path.
 *
 * @param path An absolute path.
 * @returns Its last part.
 */
export function nameOf(path: string): string {
  return path.slice(lastSeparator(path) + 1);
}

/**
 * Joins a folder and a name.
 *
 * @param folder An absolute path.
 * @param name A name, or a path seen from the folder.
 * @returns The path of the name; the name itself where it is absolute already.
 */
export function pathIn(folder: string, name: string): string {
  if (separators.test(name[0] ?? "") || /^[A-Za-z]:[\\/]/.test(name)) return name;
  return separators.test(folder.at(-1) ?? "") ? folder + name : `${folder}/${name}`;
}
