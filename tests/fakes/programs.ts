/** Programs that a child process starts by name or by path, on every system. @module */

const windows: boolean = Deno.build.os === "windows";

/** Without these, a program of Windows has no sockets, no temporary folder and no `.cmd` files. */
const NEEDED_ON_WINDOWS = ["SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "TEMP", "TMP"];

/** The variables of this process that every program needs, for an environment that is clear. */
export function neededVariables(): Record<string, string> {
  const names = ["PATH", ...(windows ? NEEDED_ON_WINDOWS : [])];
  return Object.fromEntries(names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  }));
}

/** A list of paths as variables have it. */
export function pathList(...paths: string[]): string {
  return paths.join(windows ? ";" : ":");
}

/** PATH with folders in front of this process's own. */
export function pathWith(...folders: string[]): string {
  return pathList(...folders, Deno.env.get("PATH") ?? "");
}

/** The text of a program that starts a command with more arguments. */
export function wrapperOf(command: readonly string[], os: typeof Deno.build.os): string {
  if (os === "windows") {
    const words = command.map((word) => `"${word.replaceAll("%", "%%")}"`);
    return `@${words.join(" ")} %*\r\n`;
  }
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  return `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`;
}

/**
 * Writes a program that starts a command, to which it adds its arguments. It is found in PATH by its
 * name, on Windows as a `.cmd` file.
 *
 * @returns The path that starts it.
 */
export async function writeWrapper(path: string, command: readonly string[]): Promise<string> {
  const file = windows ? `${path}.cmd` : path;
  await Deno.writeTextFile(file, wrapperOf(command, Deno.build.os), { mode: 0o755 });
  return file;
}

/** Writes a shell script as a program, for tests of what Windows doesn't have. */
export async function writeShellProgram(path: string, script: string): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** The command that runs a module in Deno as fast as possible. */
export function runModule(file: string): string[] {
  return [Deno.execPath(), "run", "--no-config", "--no-lock", "--quiet", "--no-prompt", "-A", file];
}

/** Code that calls a function, which sees no variables of the test, only `values`, as JSON. */
function callOf<Values extends unknown[]>(
  run: (...values: Values) => void | Promise<void>,
  values: Values,
): string {
  return `await (${run})(...${JSON.stringify(values)});`;
}

/** A command line that runs a function in Deno, for `exec` to start. */
export function inDeno<Values extends unknown[]>(
  run: (...values: Values) => void | Promise<void>,
  ...values: Values
): string[] {
  const options = ["--quiet", "--no-config", "--no-lock"];
  return [Deno.execPath(), "eval", ...options, callOf(run, values)];
}

/**
 * Writes a program, as {@linkcode writeWrapper} does.
 *
 * @param path Without an ending.
 * @param run What the program does.
 */
export async function writeProgram<Values extends unknown[]>(
  path: string,
  run: (...values: Values) => void | Promise<void>,
  ...values: Values
): Promise<string> {
  const module = `${path}.mjs`;
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  await Deno.writeTextFile(module, callOf(run, values));
  return await writeWrapper(path, runModule(module));
}
