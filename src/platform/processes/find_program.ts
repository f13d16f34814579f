/**
 * Where a program is: in the folders of PATH, but only in absolute ones. An empty entry or `.` means the
 * current folder, which may be anybody's.
 *
 * @module
 */

const windows: boolean = Deno.build.os === "windows";

function isAbsolute(folder: string): boolean {
  return windows ? /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(folder) : folder.startsWith("/");
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

/**
 * What to start for a program: the name itself if it has a folder, or if all entries of PATH are
 * absolute, since then the system finds it; otherwise its path.
 *
 * @throws {Deno.errors.NotFound} If only a relative entry of PATH would have it.
 */
export function findProgram(program: string, get: (name: string) => string | undefined): string {
  const path = get("PATH");
  if (path === undefined) return program;
  const folders = path.split(windows ? ";" : ":");
  const absolute = folders.filter(isAbsolute);
  if (absolute.length === folders.length || /[\\/]/.test(program)) return program;
  const endings = windows ? ["", ...(get("PATHEXT") ?? ".EXE").split(";")] : [""];
  const found = absolute.flatMap((folder) => endings.map((end) => `${folder}/${program}${end}`))
    .find(isExecutable);
  if (found !== undefined) return found;
  throw new Deno.errors.NotFound(`${program} is not in PATH`);
}
