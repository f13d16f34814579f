/**
 * Where a program is: in the folders of PATH, but only in absolute ones. An empty entry or `.` means the
 * current folder, which may be anybody's.
 *
 * @module
 */

type Lookup = (name: string) => string | undefined;

const windows: boolean = Deno.build.os === "windows";

function isAbsolute(folder: string, onWindows: boolean): boolean {
  return onWindows ? /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(folder) : folder.startsWith("/");
}

function isExecutable(path: string, onWindows: boolean): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && (onWindows || mode === null || (mode & 0o111) !== 0);
  } catch {
    return false;
  }
}

/** Looks up a child's variables. Their names have no case on Windows, where PATH is often `Path`. */
export function lookupIn(env: Readonly<Record<string, string>>, onWindows = windows): Lookup {
  return (name) => {
    if (!onWindows || name in env) return env[name];
    return Object.entries(env).find(([other]) => other.toUpperCase() === name)?.[1];
  };
}

/**
 * What can follow a program's name. On Windows a file without an ending is not started: it is there for
 * other shells, beside the `.cmd` file.
 */
export function programEndings(program: string, get: Lookup, onWindows = windows): string[] {
  if (!onWindows) return [""];
  const endings = (get("PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";").filter(Boolean);
  const name = program.toUpperCase();
  const isWhole = endings.some((ending) => name.endsWith(ending.toUpperCase()));
  return isWhole ? ["", ...endings] : endings;
}

/**
 * What to start for a program: the name itself if it has a folder, or if all entries of PATH are
 * absolute, since then the system finds it; otherwise its path.
 *
 * @throws {Deno.errors.NotFound} If only a relative entry of PATH would have it.
 */
export function findProgram(program: string, get: Lookup, onWindows = windows): string {
  const path = get("PATH");
  if (path === undefined) return program;
  const folders = path.split(onWindows ? ";" : ":");
  const absolute = folders.filter((folder) => isAbsolute(folder, onWindows));
  if (absolute.length === folders.length || /[\\/]/.test(program)) return program;
  const endings = programEndings(program, get, onWindows);
  const found = absolute.flatMap((folder) => endings.map((end) => `${folder}/${program}${end}`))
    .find((file) => isExecutable(file, onWindows));
  if (found !== undefined) return found;
  throw new Deno.errors.NotFound(`${program} is not in PATH`);
}
