/** Real programs that tests run. @module */

/** Whether a missing program is a failure, not a reason to skip. */
export const required: boolean = Deno.env.get("OKTA_AWS_REQUIRE_REAL") === "1";

/**
 * Whether tests that need these programs are skipped: one is missing, and none is required.
 *
 * @param programs Names looked up in PATH.
 * @returns What `Deno.test` takes as `ignore`.
 */
export function ignoreWithout(...programs: string[]): boolean {
  return !required && areMissing(...programs);
}

/**
 * Whether programs are missing that no package of the test machine's brings, so that nothing can
 * require them.
 *
 * @param programs Their names.
 * @returns Whether one of them is not on PATH.
 */
export function areMissing(...programs: string[]): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  const isThere = (path: string): boolean => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  };
  return !programs.every((name) => folders.some((folder) => isThere(`${folder}/${name}`)));
}

/**
 * Whether a program ends well: for what is no file in PATH, such as a Python module.
 *
 * @param program The program.
 * @param args Its arguments.
 * @returns Whether it could be started and ended with 0.
 */
export async function runs(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(program, { args, stdin: "null" }).output()).success;
  } catch {
    return false;
  }
}
