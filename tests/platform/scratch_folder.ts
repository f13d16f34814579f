/** A folder for one test. @module */

/**
 * Makes a folder, runs something in it, and removes it.
 *
 * @param act What to run; gets the folder's absolute path.
 */
export async function inScratchFolder(
  act: (folder: string) => void | Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "okta-aws-test-" }));
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
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
