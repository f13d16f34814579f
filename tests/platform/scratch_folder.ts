/** A folder for one test. @module */

const windows: boolean = Deno.build.os === "windows";

/** A new folder. Its path has slashes on Windows, too: tests put it into code and settings. */
export async function makeScratchFolder(): Promise<string> {
  const path = await Deno.realPath(await Deno.makeTempDir({ prefix: "okta-aws-test-" }));
  return windows ? path.replaceAll("\\", "/") : path;
}

export async function removeScratchFolder(path: string): Promise<void> {
  try {
    await Deno.remove(path, { recursive: true });
  } catch (error) {
    // What a program that was just killed has open can't be removed there.
    if (!windows) throw error;
  }
}

/** The paths of all files in a folder and below. */
export function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(`${folder}/${name}`) : [`${folder}/${name}`]
  );
}

/**
 * Makes a folder, runs something in it, and removes it.
 *
 * @param act What to run; gets the folder's absolute path.
 */
export async function inScratchFolder(
  act: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await makeScratchFolder();
  try {
    await act(folder);
  } finally {
    await removeScratchFolder(folder);
  }
}

/**
 * A test whose body gets a folder of its own.
 *
 * @param name The test's name.
 * @param act The test.
 */
export function scratchTest(name: string, act: (folder: string) => void | Promise<void>): void {
  Deno.test(name, () => inScratchFolder(act));
}

/** A {@linkcode scratchTest} of file modes, links, signals or shell scripts: not for Windows. */
export function posixScratchTest(
  name: string,
  act: (folder: string) => void | Promise<void>,
): void {
  Deno.test({ name, ignore: windows, fn: () => inScratchFolder(act) });
}

/** Fails if a file or folder has another mode. Windows has no modes. */
export function assertMode(path: string, mode: number, mask = 0o777): void {
  const found = Deno.statSync(path).mode;
  if (windows || (found! & mask) === mode) return;
  throw new Error(`${path} has the mode ${(found! & mask).toString(8)}, not ${mode.toString(8)}`);
}
